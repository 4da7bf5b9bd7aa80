#ifndef FWD_RPC_WIRE_OUTBOUND_H
#define FWD_RPC_WIRE_OUTBOUND_H

// Outbound messages as protobuf messages and back.  For this folder only.

#include <wire/queue.pb.h>

#include "model/outbound.h"
#include "rpc/wire.h"

namespace fwd::rpc {

// The content moves behind the message, as one piece.
void to_wire(model::NewOutbound message, wire::NewOutbound& out, std::vector<std::string>& pieces);
Outcome<model::NewOutbound> from_wire(wire::NewOutbound& in, Pieces& pieces);
void to_wire(const model::Outbound& message, wire::Outbound& out);
Outcome<model::Outbound> from_wire(wire::Outbound& in);
void to_wire(const model::AttemptResult& result, wire::Attempt& out);
Outcome<model::AttemptResult> from_wire(wire::Attempt& in);

void to_wire(const model::ForwardFacts& facts, wire::ForwardFacts& out);
model::ForwardFacts from_wire(wire::ForwardFacts& in);

// False for a number that is no state.
bool read_state(std::uint32_t number, model::OutboundState& state);
bool read_state(std::uint32_t number, model::RecipientState& state);

}  // namespace fwd::rpc

#endif
