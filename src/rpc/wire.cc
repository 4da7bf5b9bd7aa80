// Parcels, failures, sets and flags as protobuf messages and back.
#include "rpc/wire.h"

namespace fwd::rpc {

Parcel pack(const google::protobuf::MessageLite& message) {
  Parcel parcel;
  message.SerializeToString(&parcel.head);
  return parcel;
}

Parcel pack_secret(const google::protobuf::MessageLite& message) {
  Parcel parcel = pack(message);
  parcel.secret = true;
  return parcel;
}

Outcome<void> unpack(const Parcel& parcel, google::protobuf::MessageLite& message) {
  if (!message.ParseFromString(parcel.head)) return bad_wire("a message that does not parse");
  return {};
}

Outcome<void> unpack(const Outcome<Parcel>& answer, google::protobuf::MessageLite& message) {
  if (!answer.ok()) return answer.failure();
  return unpack(answer.value(), message);
}

Outcome<Parcel> nothing(const Outcome<void>& done) {
  if (!done.ok()) return done.failure();
  return Parcel{};
}

Outcome<void> nothing(const Outcome<Parcel>& answer) {
  if (!answer.ok()) return answer.failure();
  return {};
}

Outcome<std::string> Pieces::take() {
  if (at_ == pieces_.size()) return bad_wire("a piece is missing");
  return std::move(pieces_[at_++]);
}

void to_wire(const Failure& failure, wire::Failed& out) {
  out.set_fault(static_cast<std::uint32_t>(failure.fault));
  out.set_public_text(failure.public_text);
  out.set_private_text(failure.private_text);
}

Failure from_wire(wire::Failed& in) {
  // A newer door may know faults that we do not.
  const bool known = in.fault() >= static_cast<std::uint32_t>(Fault::kBadInput) &&
                     in.fault() <= static_cast<std::uint32_t>(Fault::kCannot);
  const Fault fault = known ? static_cast<Fault>(in.fault()) : Fault::kUnavailable;
  return Failure{fault, std::move(*in.mutable_public_text()),
                 std::move(*in.mutable_private_text())};
}

void to_wire(const model::UidSet& set, wire::UidSet& out) {
  out.mutable_bounds()->Reserve(static_cast<int>(set.ranges().size() * 2));
  for (const model::UidRange& range : set.ranges()) {
    out.add_bounds(range.first);
    out.add_bounds(range.last);
  }
}

Outcome<model::UidSet> from_wire(const wire::UidSet& in) {
  model::UidSet set;
  if (in.bounds_size() % 2 != 0) return bad_wire("a set with half a range");
  std::uint32_t before = 0;
  for (int i = 0; i < in.bounds_size(); i += 2) {
    // Ascending, so that putting a long set together is quick.
    if (in.bounds(i) <= before || in.bounds(i + 1) < in.bounds(i))
      return bad_wire("a set that is not in order");
    before = in.bounds(i + 1);
    set.add(in.bounds(i), before);
  }
  return set;
}

void to_wire(const std::vector<model::Uid>& uids, wire::Uids& out) {
  out.mutable_steps()->Reserve(static_cast<int>(uids.size()));
  model::Uid before = 0;
  for (const model::Uid uid : uids) {
    out.add_steps(uid - before);
    before = uid;
  }
}

Outcome<std::vector<model::Uid>> from_wire(const wire::Uids& in) {
  std::vector<model::Uid> uids;
  uids.reserve(static_cast<std::size_t>(in.steps_size()));
  model::Uid at = 0;
  for (const std::uint32_t step : in.steps()) {
    if (step == 0 || step > UINT32_MAX - at) return bad_wire("UIDs that are not in order");
    at += step;
    uids.push_back(at);
  }
  return uids;
}

std::optional<model::SpecialUse> special_use_of(std::uint32_t number) {
  if (number > static_cast<std::uint32_t>(model::SpecialUse::kTrash)) return std::nullopt;
  return static_cast<model::SpecialUse>(number);
}

void to_wire(const model::Flags& flags, wire::Flags& out) {
  out.set_system(flags.system);
  add_texts(flags.keywords, *out.mutable_keywords());
}

model::Flags from_wire(wire::Flags& in) {
  return model::Flags{static_cast<std::uint8_t>(in.system()), take_texts(*in.mutable_keywords())};
}

}  // namespace fwd::rpc
