#ifndef FWD_RPC_DOOR_H
#define FWD_RPC_DOOR_H

// What the keepers-by-asking (remote_*.h) need of the client: somewhere to put
// a question, and a connection for a login.

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

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
  // `wait`: how long the answer may wait at the door for something to come, on
  // top of the time that any answer may take.
  virtual Task<Outcome<Parcel>> ask(Verb verb, Parcel request, std::chrono::milliseconds wait) = 0;
  Task<Outcome<Parcel>> ask(Verb verb, Parcel request) {
    return ask(verb, std::move(request), std::chrono::milliseconds(0));
  }
  // The connection that a new login shall live on.
  virtual Task<Outcome<std::shared_ptr<Link>>> link_for_login() = 0;
};

}  // namespace fwd::rpc

#endif
