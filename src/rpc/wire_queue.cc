// Values of Queue as protobuf messages and back.
#include "rpc/wire_queue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "rpc/limits.h"

namespace fwd::rpc {
namespace {

// Of a duration that may not fit; the door cuts it further.
template <typename Duration>
std::uint32_t as_number(Duration duration) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(duration.count(), 0, kMost));
}

}  // namespace

void to_wire(const model::ClaimQuestion& question, wire::ClaimQuestion& out) {
  out.set_worker(question.worker);
  out.set_most(question.most);
  out.set_lease_seconds(as_number(question.lease));
  out.set_wait_ms(as_number(question.wait));
  out.set_most_per_destination(question.most_per_destination);
  out.set_begins(question.begins);
  out.set_has_lost(question.has_lost);
  for (const std::uint64_t lease : question.holds) out.add_holds(lease);
}

model::ClaimQuestion from_wire(wire::ClaimQuestion& in) {
  model::ClaimQuestion question;
  question.worker = std::move(*in.mutable_worker());
  question.most = std::min(in.most(), kMostClaims);
  question.lease = std::min(std::chrono::seconds(in.lease_seconds()), kMostLease);
  question.wait = std::min(std::chrono::milliseconds(in.wait_ms()), kMostClaimWait);
  question.most_per_destination = in.most_per_destination();
  question.begins = in.begins();
  question.has_lost = in.has_lost();
  question.holds.assign(in.holds().begin(), in.holds().end());
  return question;
}

void to_wire(const model::Claim& claim, wire::Claim& out) {
  out.set_lease(claim.lease);
  out.set_leased_until(claim.leased_until);
  to_wire(claim.message, *out.mutable_message());
  out.set_destination(claim.destination);
  out.set_return_path(claim.return_path);
  out.set_domain(claim.domain);
  out.set_destination_failures(claim.destination_failures);
  out.set_is_paused(claim.is_paused);
  out.set_pause_reason(claim.pause_reason);
  out.set_in_session(claim.in_session);
  out.set_is_telling(claim.is_telling);
  if (claim.facts != model::ForwardFacts{}) to_wire(claim.facts, *out.mutable_facts());
}

Outcome<model::Claim> from_wire(wire::Claim& in) {
  Outcome<model::Outbound> message = from_wire(*in.mutable_message());
  if (!message.ok()) return message.failure();
  model::Claim claim;
  claim.lease = in.lease();
  claim.leased_until = in.leased_until();
  claim.message = std::move(message).value();
  claim.destination = std::move(*in.mutable_destination());
  claim.return_path = std::move(*in.mutable_return_path());
  claim.domain = std::move(*in.mutable_domain());
  claim.destination_failures = in.destination_failures();
  claim.is_paused = in.is_paused();
  claim.pause_reason = std::move(*in.mutable_pause_reason());
  claim.in_session = in.in_session();
  claim.is_telling = in.is_telling();
  if (in.has_facts()) claim.facts = from_wire(*in.mutable_facts());
  return claim;
}

void to_wire(model::Report report, wire::Report& out, std::vector<std::string>& pieces) {
  out.set_lease(report.lease);
  out.set_message_id(std::move(report.message_id));
  for (const model::RecipientReport& recipient : report.recipients) {
    wire::RecipientReport& one = *out.add_recipients();
    one.set_number(recipient.number);
    one.set_state(static_cast<std::uint32_t>(recipient.state));
    to_wire(recipient.result, *one.mutable_result());
    one.set_next_attempt(recipient.next_attempt);
    one.set_delay_told(recipient.delay_told);
    one.set_is_untold(recipient.is_untold);
  }
  if (report.has_destination) {
    wire::DestinationReport& destination = *out.mutable_destination();
    destination.set_name(std::move(report.destination_name));
    destination.set_failures(report.destination.failures);
    destination.set_paused_until(report.destination.paused_until);
    destination.set_reason(std::move(report.destination.reason));
  }
  for (model::NewOutbound& notice : report.notices)
    to_wire(std::move(notice), *out.add_notices(), pieces);
}

Outcome<model::Report> from_wire(wire::Report& in, Pieces& pieces) {
  model::Report report;
  report.lease = in.lease();
  report.message_id = std::move(*in.mutable_message_id());
  for (wire::RecipientReport& one : *in.mutable_recipients()) {
    model::RecipientReport& recipient = report.recipients.emplace_back();
    if (!read_state(one.state(), recipient.state)) return bad_wire("a report of no known outcome");
    Outcome<model::AttemptResult> result = from_wire(*one.mutable_result());
    if (!result.ok()) return result.failure();
    recipient.number = one.number();
    recipient.result = std::move(result).value();
    recipient.next_attempt = one.next_attempt();
    recipient.delay_told = one.delay_told();
    recipient.is_untold = one.is_untold();
  }
  report.has_destination = in.has_destination();
  if (report.has_destination) {
    wire::DestinationReport& destination = *in.mutable_destination();
    report.destination_name = std::move(*destination.mutable_name());
    report.destination.failures = destination.failures();
    report.destination.paused_until = destination.paused_until();
    report.destination.reason = std::move(*destination.mutable_reason());
  }
  for (wire::NewOutbound& one : *in.mutable_notices()) {
    Outcome<model::NewOutbound> notice = from_wire(one, pieces);
    if (!notice.ok()) return notice.failure();
    report.notices.push_back(std::move(notice).value());
  }
  if (!pieces.all_taken()) return bad_wire("pieces that nobody announced");
  return report;
}

void to_wire(const model::SigningKey& key, wire::SigningKey& out) {
  out.set_domain(key.domain);
  out.set_selector(key.selector);
  out.set_algorithm(key.algorithm);
  out.set_secret(key.secret);
  out.set_record(key.record);
}

model::SigningKey from_wire(wire::SigningKey& in) {
  model::SigningKey key;
  key.domain = std::move(*in.mutable_domain());
  key.selector = std::move(*in.mutable_selector());
  key.algorithm = std::move(*in.mutable_algorithm());
  key.secret = std::move(*in.mutable_secret());
  key.record = std::move(*in.mutable_record());
  return key;
}

void to_wire(const model::QueueFilter& filter, wire::QueueFilter& out) {
  out.set_id(filter.id);
  out.set_domain_id(filter.domain_id);
  out.set_user_id(filter.user_id);
  out.set_alias_id(filter.alias_id);
  out.set_destination(filter.destination);
  out.set_sender(filter.sender);
  for (const model::OutboundState state : filter.states)
    out.add_states(static_cast<std::uint32_t>(state));
  out.set_limit(filter.limit);
  out.set_before(filter.before);
}

Outcome<model::QueueFilter> from_wire(wire::QueueFilter& in) {
  model::QueueFilter filter;
  filter.id = std::move(*in.mutable_id());
  filter.domain_id = std::move(*in.mutable_domain_id());
  filter.user_id = std::move(*in.mutable_user_id());
  filter.alias_id = std::move(*in.mutable_alias_id());
  filter.destination = std::move(*in.mutable_destination());
  filter.sender = std::move(*in.mutable_sender());
  if (in.states_size() > static_cast<int>(model::OutboundState::kRejected))
    return bad_wire("more states than there are");
  for (const std::uint32_t number : in.states()) {
    if (!read_state(number, filter.states.emplace_back()))
      return bad_wire("a state that does not exist");
  }
  filter.limit = in.limit();
  filter.before = std::move(*in.mutable_before());
  return filter;
}

void to_wire(const model::QueueStat& stat, wire::QueueStat& out) {
  for (const std::uint64_t count : stat.messages) out.add_messages(count);
  out.set_octets(stat.octets);
  out.set_oldest_waiting(stat.oldest_waiting);
  out.set_with_workers(stat.with_workers);
  for (const model::QueueStat::Destination& destination : stat.destinations) {
    wire::QueueDestination& one = *out.add_destinations();
    one.set_name(destination.name);
    one.set_waiting(destination.waiting);
    one.set_failures(destination.failures);
    one.set_paused_until(destination.paused_until);
    one.set_reason(destination.reason);
  }
}

Outcome<model::QueueStat> from_wire(wire::QueueStat& in) {
  model::QueueStat stat;
  if (in.messages_size() != static_cast<int>(std::size(stat.messages)))
    return bad_wire("figures of another number of states");
  std::copy(in.messages().begin(), in.messages().end(), std::begin(stat.messages));
  stat.octets = in.octets();
  stat.oldest_waiting = in.oldest_waiting();
  stat.with_workers = in.with_workers();
  for (wire::QueueDestination& one : *in.mutable_destinations()) {
    model::QueueStat::Destination& destination = stat.destinations.emplace_back();
    destination.name = std::move(*one.mutable_name());
    destination.waiting = one.waiting();
    destination.failures = one.failures();
    destination.paused_until = one.paused_until();
    destination.reason = std::move(*one.mutable_reason());
  }
  return stat;
}

}  // namespace fwd::rpc
