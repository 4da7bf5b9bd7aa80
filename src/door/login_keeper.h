#ifndef FWD_DOOR_LOGIN_KEEPER_H
#define FWD_DOOR_LOGIN_KEEPER_H

// Checks who logs in, and opens their mailbox.
//
// A refusal is given a fixed time after the question, whether the name exists
// or not, and counts against the peer's address.

#include <memory>
#include <optional>
#include <string>

#include "door/guesses.h"
#include "door/open_mailboxes.h"
#include "door/stores.h"
#include "model/logins.h"

namespace fwd::door {

class LoginKeeper final : public model::Logins {
 public:
  // All must outlive the keeper and all it gives out.
  LoginKeeper(Stores& stores, OpenMailboxes& mailboxes, Guesses& guesses);

  Task<Outcome<model::LoggedIn>> log_in(model::LoginContext context, std::string address,
                                        std::string password) override;
  Task<Outcome<std::unique_ptr<model::ScramExchange>>> begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus) override;

 private:
  friend class ScramLogin;
  // Opens the mailbox by the bundle of `credential`, both read when the door had
  // seen `changes`.  kBadLogin: the credential or the alias is good no more.
  Task<Outcome<model::LoggedIn>> open(directory::LoginRecord record, crypto::Bundle bundle,
                                      crypto::StoredCredential credential, std::uint64_t changes);
  Task<Outcome<bool>> still_holds(std::string alias_id, crypto::StoredCredential credential);
  Task<Outcome<std::optional<directory::LoginRecord>>> find(std::string address);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
  Guesses& guesses_;
  crypto::SecretKey decoy_key_;
};

}  // namespace fwd::door

#endif
