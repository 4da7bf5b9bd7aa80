#ifndef FWD_RPC_WIRE_SENDER_LISTS_H
#define FWD_RPC_WIRE_SENDER_LISTS_H

// Values of SenderLists as protobuf messages and back.  For this folder only.

#include <wire/sender_lists.pb.h>

#include <vector>

#include "model/sender_lists.h"
#include "rpc/wire.h"

namespace fwd::rpc {

Outcome<model::ListKind> list_kind(std::uint32_t number);
void to_wire(const model::ListedSender& entry, wire::ListedSender& out);
Outcome<model::ListedSender> from_wire(wire::ListedSender& in);
Parcel pack_entries(const std::vector<model::ListedSender>& entries);
Outcome<std::vector<model::ListedSender>> unpack_entries(const Outcome<Parcel>& answer);

}  // namespace fwd::rpc

#endif
