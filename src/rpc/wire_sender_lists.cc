// Values of SenderLists as protobuf messages and back.
#include "rpc/wire_sender_lists.h"

#include <utility>

namespace fwd::rpc {

Outcome<model::ListKind> list_kind(std::uint32_t number) {
  if (number != static_cast<std::uint32_t>(model::ListKind::kAllow) &&
      number != static_cast<std::uint32_t>(model::ListKind::kDeny))
    return bad_wire("a list of no known kind");
  return static_cast<model::ListKind>(number);
}

void to_wire(const model::ListedSender& entry, wire::ListedSender& out) {
  out.set_kind(static_cast<std::uint32_t>(entry.kind));
  out.set_value(entry.value);
  out.set_reason(entry.reason);
  out.set_is_learned(entry.is_learned);
  out.set_created(entry.created);
  out.set_expires(entry.expires);
}

Outcome<model::ListedSender> from_wire(wire::ListedSender& in) {
  const auto kind = list_kind(in.kind());
  if (!kind.ok()) return kind.failure();
  model::ListedSender entry;
  entry.kind = kind.value();
  entry.value = std::move(*in.mutable_value());
  entry.reason = std::move(*in.mutable_reason());
  entry.is_learned = in.is_learned();
  entry.created = in.created();
  entry.expires = in.expires();
  return entry;
}

Parcel pack_entries(const std::vector<model::ListedSender>& entries) {
  wire::ListedSenders out;
  for (const model::ListedSender& entry : entries) to_wire(entry, *out.add_entries());
  return pack(out);
}

Outcome<std::vector<model::ListedSender>> unpack_entries(const Outcome<Parcel>& answer) {
  wire::ListedSenders in;
  const Outcome<void> read = unpack(answer, in);
  if (!read.ok()) return read.failure();
  std::vector<model::ListedSender> entries;
  for (wire::ListedSender& one : *in.mutable_entries()) {
    Outcome<model::ListedSender> entry = from_wire(one);
    if (!entry.ok()) return entry.failure();
    entries.push_back(std::move(entry).value());
  }
  return entries;
}

}  // namespace fwd::rpc
