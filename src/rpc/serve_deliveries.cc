// The verbs of Deliveries, on the door's side.
#include "rpc/limits.h"
#include "rpc/serving.h"
#include "rpc/wire_deliveries.h"

namespace fwd::rpc {
namespace {

Task<Outcome<Parcel>> find_recipient(Serving& serving, Parcel request) {
  wire::RecipientQuestion in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (in.records_size() > static_cast<int>(kMostRecords))
    co_return Failure{Fault::kOverLimit, "too many records", "a question has too many records"};
  model::RecipientQuestion question = from_wire(in);
  auto asking = serving.promises.deliveries->resolve_recipient(std::move(question));
  const Outcome<model::Recipient> recipient = co_await asking;
  if (!recipient.ok()) co_return recipient.failure();
  wire::Recipient out;
  to_wire(recipient.value(), out);
  co_return pack(out);
}

Task<Outcome<Parcel>> deliver(Serving& serving, Parcel request) {
  wire::Delivery in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (in.targets_size() > static_cast<int>(kMostTargets))
    co_return Failure{Fault::kOverLimit, "too many mailboxes", "a delivery has too many targets"};
  if (in.returned().failed_size() > static_cast<int>(kMostReturned))
    co_return Failure{Fault::kOverLimit, "too many recipients", "a notice names too many"};
  Pieces pieces(request.pieces);
  Outcome<model::Delivery> delivery = from_wire(in, pieces);
  if (!delivery.ok()) co_return delivery.failure();
  auto asking = serving.promises.deliveries->deliver(std::move(delivery).value());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

}  // namespace

Answer find_delivery_answer(Verb verb) {
  switch (verb) {
    case Verb::kFindRecipient:
      return find_recipient;
    case Verb::kDeliver:
      return deliver;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
