#ifndef FWD_RPC_WIRE_QUEUE_H
#define FWD_RPC_WIRE_QUEUE_H

// Values of Queue as protobuf messages and back.  For this folder only.

#include <wire/queue.pb.h>

#include "model/queue.h"
#include "rpc/wire_outbound.h"

namespace fwd::rpc {

void to_wire(const model::ClaimQuestion& question, wire::ClaimQuestion& out);
// Cut to the bounds of limits.h.
model::ClaimQuestion from_wire(wire::ClaimQuestion& in);
void to_wire(const model::Claim& claim, wire::Claim& out);
Outcome<model::Claim> from_wire(wire::Claim& in);
void to_wire(model::Report report, wire::Report& out, std::vector<std::string>& pieces);
Outcome<model::Report> from_wire(wire::Report& in, Pieces& pieces);

void to_wire(const model::SigningKey& key, wire::SigningKey& out);
model::SigningKey from_wire(wire::SigningKey& in);

void to_wire(const model::QueueFilter& filter, wire::QueueFilter& out);
Outcome<model::QueueFilter> from_wire(wire::QueueFilter& in);
void to_wire(const model::QueueStat& stat, wire::QueueStat& out);
Outcome<model::QueueStat> from_wire(wire::QueueStat& in);

}  // namespace fwd::rpc

#endif
