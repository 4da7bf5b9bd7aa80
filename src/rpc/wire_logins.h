#ifndef FWD_RPC_WIRE_LOGINS_H
#define FWD_RPC_WIRE_LOGINS_H

// What Logins and Submission have in common, as protobuf messages and back.
// For this folder only.

#include <wire/logins.pb.h>

#include "model/logins.h"

namespace fwd::rpc {

void to_wire(model::LoginContext context, wire::LoginContext& out);
model::LoginContext from_wire(wire::LoginContext& in);

}  // namespace fwd::rpc

#endif
