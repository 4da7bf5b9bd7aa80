// Values of Forwarding as protobuf messages and back.
#include "rpc/wire_forwarding.h"

#include <utility>

#include "rpc/limits.h"

namespace fwd::rpc {

void to_wire(model::NewForward forward, wire::NewForward& out, std::vector<std::string>& pieces) {
  to_wire(std::move(forward.message), *out.mutable_message(), pieces);
  out.set_domain_id(forward.domain_id);
  out.set_alias_id(forward.alias_id);
  for (const model::Destination& destination : forward.destinations)
    to_wire(destination, *out.add_destinations());
  out.set_print(forward.print);
  to_wire(forward.facts, *out.mutable_facts());
  out.set_spends(forward.spends);
}

Outcome<model::NewForward> from_wire(wire::NewForward& in, Pieces& pieces) {
  if (in.destinations_size() > static_cast<int>(kMostDestinations))
    return Failure{Fault::kOverLimit, "too many destinations", "a forward has too many goals"};
  Outcome<model::NewOutbound> message = from_wire(*in.mutable_message(), pieces);
  if (!message.ok()) return message.failure();
  model::NewForward forward;
  forward.message = std::move(message).value();
  forward.domain_id = std::move(*in.mutable_domain_id());
  forward.alias_id = std::move(*in.mutable_alias_id());
  for (wire::Destination& one : *in.mutable_destinations()) {
    Outcome<model::Destination> destination = from_wire(one);
    if (!destination.ok()) return destination.failure();
    forward.destinations.push_back(std::move(destination).value());
  }
  forward.print = std::move(*in.mutable_print());
  forward.facts = from_wire(*in.mutable_facts());
  forward.spends = std::move(*in.mutable_spends());
  return forward;
}

void to_wire(const model::Forwarded& forwarded, wire::Forwarded& out) {
  out.set_id(forwarded.id);
  for (const model::ForwardedTo& to : forwarded.destinations) {
    wire::ForwardedTo& one = *out.add_destinations();
    to_wire(to.destination, *one.mutable_destination());
    one.set_state(static_cast<std::uint32_t>(to.state));
    one.set_attempts(to.attempts);
    to_wire(to.last, *one.mutable_last());
    one.set_is_repeat(to.is_repeat);
  }
}

Outcome<model::Forwarded> from_wire(wire::Forwarded& in) {
  model::Forwarded forwarded;
  forwarded.id = std::move(*in.mutable_id());
  for (wire::ForwardedTo& one : *in.mutable_destinations()) {
    model::ForwardedTo& to = forwarded.destinations.emplace_back();
    if (!read_state(one.state(), to.state)) return bad_wire("a forward of no known outcome");
    Outcome<model::Destination> destination = from_wire(*one.mutable_destination());
    if (!destination.ok()) return destination.failure();
    Outcome<model::AttemptResult> last = from_wire(*one.mutable_last());
    if (!last.ok()) return last.failure();
    to.destination = std::move(destination).value();
    to.attempts = one.attempts();
    to.last = std::move(last).value();
    to.is_repeat = one.is_repeat();
  }
  return forwarded;
}

void to_wire(model::CameBack back, wire::CameBack& out) {
  out.set_return_path(std::move(back.return_path));
  for (std::string& id : back.ids) out.add_ids(std::move(id));
  for (std::string& address : back.addresses) out.add_addresses(std::move(address));
}

Outcome<model::CameBack> from_wire(wire::CameBack& in) {
  constexpr int kMost{kMostCameBack};
  if (in.ids_size() > kMost || in.addresses_size() > kMost)
    return bad_wire("what came back names too many");
  model::CameBack back;
  back.return_path = std::move(*in.mutable_return_path());
  for (std::string& id : *in.mutable_ids()) back.ids.push_back(std::move(id));
  for (std::string& one : *in.mutable_addresses()) back.addresses.push_back(std::move(one));
  return back;
}

void to_wire(model::WentOn went, wire::WentOn& out) {
  out.set_sender(std::move(went.sender));
  out.set_is_own(went.is_own);
  out.set_is_forward(went.is_forward);
  out.set_shown(std::move(went.shown));
  out.set_message_id(std::move(went.message_id));
  out.set_created(went.created);
  for (std::string& secret : went.secrets) out.add_secrets(std::move(secret));
}

model::WentOn from_wire(wire::WentOn& in) {
  model::WentOn went;
  went.sender = std::move(*in.mutable_sender());
  went.is_own = in.is_own();
  went.is_forward = in.is_forward();
  went.shown = std::move(*in.mutable_shown());
  went.message_id = std::move(*in.mutable_message_id());
  went.created = in.created();
  for (std::string& secret : *in.mutable_secrets()) went.secrets.push_back(std::move(secret));
  return went;
}

Outcome<model::SettleForward> settling_of(std::uint32_t number) {
  if (number < static_cast<std::uint32_t>(model::SettleForward::kKeep) ||
      number > static_cast<std::uint32_t>(model::SettleForward::kDrop))
    return bad_wire("a forward is kept or dropped, nothing else");
  return static_cast<model::SettleForward>(number);
}

}  // namespace fwd::rpc
