// Who is at the other end, as a protobuf message and back.
#include "rpc/wire_logins.h"

#include <utility>

namespace fwd::rpc {

void to_wire(model::LoginContext context, wire::LoginContext& out) {
  out.set_service(std::move(context.service));
  out.set_peer_ip(std::move(context.peer_ip));
  out.set_session(std::move(context.session));
}

model::LoginContext from_wire(wire::LoginContext& in) {
  return model::LoginContext{std::move(*in.mutable_service()), std::move(*in.mutable_peer_ip()),
                             std::move(*in.mutable_session())};
}

}  // namespace fwd::rpc
