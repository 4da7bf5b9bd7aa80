#ifndef FWD_RPC_WIRE_DELIVERIES_H
#define FWD_RPC_WIRE_DELIVERIES_H

// Values of Deliveries as protobuf messages and back.  For this folder only.

#include <wire/deliveries.pb.h>

#include "model/deliveries.h"
#include "rpc/wire.h"

namespace fwd::rpc {

void to_wire(const model::RecipientQuestion& question, wire::RecipientQuestion& out);
model::RecipientQuestion from_wire(wire::RecipientQuestion& in);
void to_wire(const model::Destination& destination, wire::Destination& out);
Outcome<model::Destination> from_wire(wire::Destination& in);
void to_wire(const model::RecipientRules& rules, wire::RecipientRules& out);
model::RecipientRules from_wire(wire::RecipientRules& in);
void to_wire(const model::Recipient& recipient, wire::Recipient& out);
Outcome<model::Recipient> from_wire(wire::Recipient& in);
void to_wire(model::DeliveryTarget target, wire::DeliveryTarget& out,
             std::vector<std::string>& pieces);
Outcome<model::DeliveryTarget> from_wire(wire::DeliveryTarget& in, Pieces& pieces);
void to_wire(const model::Returned& returned, wire::Returned& out);
model::Returned from_wire(wire::Returned& in);
Outcome<model::Delivery> from_wire(wire::Delivery& in, Pieces& pieces);

}  // namespace fwd::rpc

#endif
