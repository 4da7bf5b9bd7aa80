#ifndef FWD_RPC_REMOTE_LOGINS_H
#define FWD_RPC_REMOTE_LOGINS_H

// Logins, kept by asking the door.

#include "model/logins.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteLogins final : public model::Logins {
 public:
  explicit RemoteLogins(Door& door) : door_(door) {}
  Task<Outcome<model::LoggedIn>> log_in(model::LoginContext context, std::string address,
                                        std::string password) override;
  Task<Outcome<std::unique_ptr<model::ScramExchange>>> begin_scram(model::LoginContext context,
                                                                   std::string client_first,
                                                                   bool offered_plus) override;

 private:
  Door& door_;
};

}  // namespace fwd::rpc

#endif
