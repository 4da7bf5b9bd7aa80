// Deliveries, kept by asking the door.
#include "rpc/remote_deliveries.h"

#include <utility>

#include "rpc/limits.h"
#include "rpc/wire_deliveries.h"

namespace fwd::rpc {
namespace {

// A request that holds this much takes no further target.
constexpr std::uint64_t kFullRequest = 16 * 1024 * 1024;
constexpr std::size_t kFullHead = kMostRequestHead / 4;

}  // namespace

Task<Outcome<model::Recipient>> RemoteDeliveries::resolve_recipient(
    model::RecipientQuestion question) {
  wire::RecipientQuestion request;
  to_wire(question, request);
  auto asking = door_.ask(Verb::kFindRecipient, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Recipient out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return from_wire(out);
}

Task<Outcome<void>> RemoteDeliveries::deliver(model::Delivery delivery) {
  std::size_t next = 0;
  do {
    wire::Delivery request;
    request.set_message_id(delivery.message_id);
    request.set_peer_ip(delivery.peer_ip);
    request.set_envelope_from(delivery.envelope_from);
    if (next == 0 && delivery.returned) to_wire(*delivery.returned, *request.mutable_returned());
    Parcel parcel;
    std::uint64_t octets = 0;
    std::size_t counted = 0;
    std::size_t head = 0;
    while (next < delivery.targets.size() && octets < kFullRequest && head < kFullHead) {
      wire::DeliveryTarget& target = *request.add_targets();
      to_wire(std::move(delivery.targets[next++]), target, parcel.pieces);
      for (; counted < parcel.pieces.size(); ++counted) octets += parcel.pieces[counted].size();
      head += target.ByteSizeLong();
    }
    request.SerializeToString(&parcel.head);
    auto asking = door_.ask(Verb::kDeliver, std::move(parcel));
    const Outcome<Parcel> answer = co_await asking;
    if (!answer.ok()) co_return answer.failure();
  } while (next < delivery.targets.size());
  co_return Outcome<void>{};
}

}  // namespace fwd::rpc
