#ifndef FWD_RPC_DOOR_H
#define FWD_RPC_DOOR_H

// What the keepers-by-asking (remote_*.h) need of the client: somewhere to put
// a question, and a connection for a login.

#include <cstdint>
#include <memory>

#include "core/outcome.h"
#include "core/task.h"
#include "rpc/link.h"
#include "rpc/parcel.h"
#include "rpc/verbs.h"

namespace fwd::rpc {

class Door {
 public:
  virtual ~Door() = default;
  // A question about no object.  kUnavailable while the door cannot be reached.
  virtual Task<Outcome<Parcel>> ask(Verb verb, Parcel request) = 0;
  // The connection that a new login shall live on.
  virtual Task<Outcome<std::shared_ptr<Link>>> link_for_login() = 0;
};

}  // namespace fwd::rpc

#endif
