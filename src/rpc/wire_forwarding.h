#ifndef FWD_RPC_WIRE_FORWARDING_H
#define FWD_RPC_WIRE_FORWARDING_H

// Values of Forwarding as protobuf messages and back.  For this folder only.

#include <wire/forwarding.pb.h>

#include "model/forwarding.h"
#include "rpc/wire_deliveries.h"
#include "rpc/wire_outbound.h"

namespace fwd::rpc {

void to_wire(model::NewForward forward, wire::NewForward& out, std::vector<std::string>& pieces);
Outcome<model::NewForward> from_wire(wire::NewForward& in, Pieces& pieces);
void to_wire(const model::Forwarded& forwarded, wire::Forwarded& out);
Outcome<model::Forwarded> from_wire(wire::Forwarded& in);
void to_wire(model::CameBack back, wire::CameBack& out);
Outcome<model::CameBack> from_wire(wire::CameBack& in);
void to_wire(model::WentOn went, wire::WentOn& out);
model::WentOn from_wire(wire::WentOn& in);
// Refuses a number of no known meaning.
Outcome<model::SettleForward> settling_of(std::uint32_t number);

}  // namespace fwd::rpc

#endif
