#ifndef FWD_DOOR_LOGIN_PROOF_H
#define FWD_DOOR_LOGIN_PROOF_H

// Whether somebody is who they say: the proof alone, for those who log in to
// read and those who log in to send.
//
// A refusal is given a fixed time after the question, whether the name exists
// or not, and counts against the peer's address.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/scram.h"
#include "door/guesses.h"
#include "door/open_mailboxes.h"
#include "door/stores.h"
#include "model/logins.h"

namespace fwd::door {

// Who has proven it, and by what.
struct Proven {
  directory::LoginRecord record;
  crypto::Bundle bundle;
  crypto::StoredCredential credential;
  std::uint64_t changes = 0;  // the door had seen when both were read
};

// The same by a password of a whole domain.
struct ProvenDomain {
  std::string id, name;
  model::Token token;
};

// What an alias must be for.
enum class LoginUse : std::uint8_t { kRead, kSend };

class LoginProof;

// One SCRAM exchange, for a name that exists or for one that does not.
class ScramProof {
 public:
  const std::string& server_first() const { return server_.server_first(); }
  struct Verdict {
    std::string server_final;
    std::optional<Proven> proven;  // or
    std::optional<ProvenDomain> domain;
  };
  // kBadLogin, kBusy: counted and answered as a wrong password is.
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data);

 private:
  friend class LoginProof;
  // Whose verifiers they are: an alias's, a domain's, or a decoy's alone.
  struct Holder {
    std::optional<directory::LoginRecord> record;
    std::vector<crypto::StoredCredential> credentials;  // of the record
    std::uint64_t changes = 0;                          // seen when they were read
    std::vector<ProvenDomain> domain;                   // one for each password
    std::vector<crypto::ScramVerifier> verifiers;       // in the order of either
  };
  ScramProof(LoginProof& proof, model::LoginContext context, crypto::ScramServer server,
             Holder holder);

  LoginProof& proof_;
  model::LoginContext context_;
  crypto::ScramServer server_;
  Holder holder_;
};

class LoginProof {
 public:
  // All must outlive it and all it gives out.
  LoginProof(Stores& stores, OpenMailboxes& mailboxes, Guesses& guesses);

  // As of Guesses, for who is at that address.
  Task<Outcome<Guesses::Turn>> take_turn(std::string peer_ip);
  // Gives kBadLogin.
  Task<Failure> refuse(std::string peer_ip, Guesses::Turn turn, Instant began);

  // Nothing: wrong, which is for the caller to refuse().
  Task<Outcome<std::optional<Proven>>> try_password(std::string address,
                                                    std::shared_ptr<crypto::Secret> password,
                                                    LoginUse use);
  // "*@domain" is for the passwords of a whole domain, which only send.
  Task<Outcome<std::unique_ptr<ScramProof>>> begin_scram(model::LoginContext context,
                                                         std::string client_first,
                                                         bool offered_plus, LoginUse use);
  // Whether the alias may still log in by the credential.
  Task<Outcome<bool>> still_holds(std::string alias_id, crypto::StoredCredential credential,
                                  LoginUse use);
  Instant now() const { return stores_.clock.now(); }
  static bool holds(const directory::LoginRecord& record,
                    const crypto::StoredCredential& credential, LoginUse use);

 private:
  Task<Outcome<std::optional<directory::LoginRecord>>> find(std::string address);
  // Of a name that cannot log in: nothing.
  Task<Outcome<ScramProof::Holder>> find_alias(std::string username, LoginUse use);
  Task<Outcome<ScramProof::Holder>> find_domain(std::string username);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
  Guesses& guesses_;
  crypto::SecretKey decoy_key_;
};

}  // namespace fwd::door

#endif
