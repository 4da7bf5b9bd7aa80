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
#include <unordered_map>
#include <vector>

#include "core/event.h"
#include "crypto/scram.h"
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

// What an alias must be for.
enum class LoginUse : std::uint8_t { kRead, kSend };

class LoginProof;

// One SCRAM exchange, for a name that exists or for one that does not.
class ScramProof {
 public:
  const std::string& server_first() const { return server_.server_first(); }
  struct Verdict {
    std::string server_final;
    Proven proven;
  };
  // kBadLogin, kBusy: counted and answered as a wrong password is.
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data);

 private:
  friend class LoginProof;
  ScramProof(LoginProof& proof, model::LoginContext context, crypto::ScramServer server,
             std::optional<directory::LoginRecord> record,
             std::vector<crypto::StoredCredential> credentials, std::uint64_t changes);

  LoginProof& proof_;
  model::LoginContext context_;
  crypto::ScramServer server_;
  std::optional<directory::LoginRecord> record_;       // nothing: one that cannot log in
  std::vector<crypto::StoredCredential> credentials_;  // those the verifiers stand for
  std::uint64_t changes_;                              // seen when they were read
};

class LoginProof {
 public:
  // Both must outlive it and all it gives out.
  LoginProof(Stores& stores, OpenMailboxes& mailboxes);

  // A guess under way from one address, until it is gone.
  using Turn = std::shared_ptr<void>;
  // Returns when a wrong password more would not pass the limit, whatever comes
  // of those being checked.  kBusy.
  Task<Outcome<Turn>> take_turn(std::string peer_ip);
  // Counts a wrong password, ends its turn, waits until `began` + the delay,
  // gives kBadLogin.
  Task<Failure> refuse(std::string peer_ip, Turn turn, Instant began);

  // Nothing: wrong, which is for the caller to refuse().
  Task<Outcome<std::optional<Proven>>> try_password(std::string address,
                                                    std::shared_ptr<crypto::Secret> password,
                                                    LoginUse use);
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
  // Passwords of one address that are being checked.
  struct Guesses {
    std::size_t under_way = 0;
    Event ended;  // pulsed when one has
  };

  // kBusy when this address has been wrong too often.
  Task<Outcome<void>> check_address(std::string peer_ip);
  Task<Outcome<std::optional<directory::LoginRecord>>> find(std::string address);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
  crypto::SecretKey decoy_key_;
  std::unordered_map<std::string, std::weak_ptr<Guesses>> guesses_;  // by address; those under way
};

}  // namespace fwd::door

#endif
