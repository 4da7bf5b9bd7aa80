#ifndef FWD_DOOR_LOGIN_KEEPER_H
#define FWD_DOOR_LOGIN_KEEPER_H

// Opens the mailbox of who has proven that it is theirs.

#include <memory>
#include <string>

#include "door/login_proof.h"
#include "door/open_mailboxes.h"
#include "door/stores.h"
#include "model/logins.h"

namespace fwd::door {

class LoginKeeper final : public model::Logins {
 public:
  // All must outlive the keeper and all it gives out.
  LoginKeeper(Stores& stores, OpenMailboxes& mailboxes, LoginProof& proof)
      : stores_(stores), mailboxes_(mailboxes), proof_(proof) {}

  Task<Outcome<model::LoggedIn>> log_in(model::LoginContext context, std::string address,
                                        std::string password) override;
  Task<Outcome<std::unique_ptr<model::ScramExchange>>> begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus) override;

 private:
  friend class ScramLogin;
  // kBadLogin: the credential or the alias is good no more.
  Task<Outcome<model::LoggedIn>> open(Proven proven);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
  LoginProof& proof_;
};

}  // namespace fwd::door

#endif
