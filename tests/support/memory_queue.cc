// Keeps the queue in memory.
#include "support/memory_queue.h"

#include "core/first_of.h"

namespace fwd::test {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

std::string domain_of(const std::string& address) { return address.substr(address.rfind('@') + 1); }

}  // namespace

void MemoryQueue::add(model::NewOutbound message, std::string domain) {
  Entry entry;
  entry.domain = std::move(domain);
  entry.content = message.content;
  model::Outbound& out = entry.message;
  out.id = message.id;
  out.domain_id = "d1";
  out.envelope_from = message.envelope_from;
  out.envelope_id = message.envelope_id;
  out.returns = message.returns;
  out.body = message.body;
  out.require_tls = message.require_tls;
  out.header_from = message.header_from;
  out.message_id = message.message_id;
  out.created = unix_milliseconds(clock_.wall());
  out.expires = message.expires;
  out.size = entry.content.size();
  out.not_to = message.not_to;
  for (const model::NewRecipient& recipient : message.recipients) {
    model::OutboundRecipient one;
    one.number = static_cast<std::uint32_t>(out.recipients.size());
    one.address = recipient.address;
    one.destination = domain_of(recipient.address);
    one.notify = recipient.notify;
    one.original = recipient.original;
    out.recipients.push_back(one);
  }
  messages_[message.id] = std::move(entry);
  changed_.pulse();
}

void MemoryQueue::add_forward(model::NewForward forward, std::string domain, bool in_session) {
  for (const model::Destination& to : forward.destinations)
    forward.message.recipients.push_back({to.address, 0, ""});
  const std::string id = forward.message.id;
  const std::string domain_id = forward.domain_id, alias_id = forward.alias_id;
  add(std::move(forward.message), std::move(domain));
  Entry& entry = messages_.at(id);
  entry.facts = std::move(forward.facts);
  entry.in_session = in_session;
  entry.message.is_forward = true;
  if (!domain_id.empty()) entry.message.domain_id = domain_id;
  entry.message.alias_id = alias_id;
  entry.message.shown = entry.facts.shown;
  for (model::OutboundRecipient& one : entry.message.recipients) {
    const model::Destination& to = forward.destinations[one.number];
    one.kind = to.kind;
    one.host = to.host;
    one.port = to.port;
    one.alias_id = to.alias_id;
    if (to.kind == model::DestinationKind::kHost)
      one.destination = to.host + ":" + std::to_string(to.port);
    if (to.kind == model::DestinationKind::kAddress && to.port != 25)
      one.destination += '/' + std::to_string(to.port);
  }
}

void MemoryQueue::keep(const std::string& id) {
  messages_.at(id).in_session = false;
  changed_.pulse();
}

std::vector<model::Claim> MemoryQueue::due(const model::ClaimQuestion& question) {
  const std::int64_t now = unix_milliseconds(clock_.wall());
  std::vector<model::Claim> claims;
  for (auto& [id, entry] : messages_) {
    std::map<std::string, model::Claim> by_destination;
    for (model::OutboundRecipient& one : entry.message.recipients) {
      const auto paused = destinations.find(one.destination);
      const bool is_paused = paused != destinations.end() && paused->second.paused_until > now;
      const bool has_expired = entry.message.expires > 0 && entry.message.expires <= now;
      const bool is_due = one.state == model::RecipientState::kWaiting && one.next_attempt <= now &&
                          one.leased_until <= now && (!is_paused || has_expired) &&
                          !(one.is_untold && entry.in_session);
      if (!is_due) continue;
      model::Claim& claim = by_destination[one.destination];
      if (claim.lease == 0) claim.lease = ++last_lease_;
      claim.leased_until = now + std::chrono::milliseconds(question.lease).count();
      one.leased_until = claim.leased_until;
      entry.leases[one.number] = claim.lease;
      claim.message.recipients.push_back(one);
    }
    for (auto& [destination, claim] : by_destination) {
      auto recipients = std::move(claim.message.recipients);
      claim.message = entry.message;
      claim.message.recipients = std::move(recipients);
      claim.destination = destination;
      claim.domain = entry.domain;
      claim.facts = facts;
      if (!entry.message.envelope_from.empty())
        claim.return_path = "SRS0=x=fe-bounces." + entry.domain + "@fe-bounces." + entry.domain;
      claim.destination_failures = destinations[destination].failures;
      claim.in_session = entry.in_session;
      claim.is_telling = claim.message.recipients[0].is_untold;
      if (entry.message.is_forward) claim.facts = entry.facts;
      claim.is_paused = destinations[destination].paused_until > now;
      claim.pause_reason = destinations[destination].reason;
      if (claims.size() < question.most) claims.push_back(std::move(claim));
    }
  }
  return claims;
}

Task<Outcome<std::vector<model::Claim>>> MemoryQueue::claim(model::ClaimQuestion question) {
  ++asked;
  last_question = question;
  if (trouble) co_return *trouble;
  const Instant until = clock_.now() + question.wait;
  for (;;) {
    auto found = due(question);
    if (!found.empty() || clock_.now() >= until) co_return found;
    auto change = wait_for(changed_);
    auto pause = clock_.sleep(std::chrono::seconds(1));
    co_await first_of(std::move(change), std::move(pause));
  }
}

Task<Outcome<std::string>> MemoryQueue::read_outbound(std::string id, std::uint64_t offset,
                                                      std::uint64_t most) {
  ++reads;
  if (trouble) co_return *trouble;
  const auto found = messages_.find(id);
  if (found == messages_.end()) co_return Failure{Fault::kNotFound, "gone", ""};
  co_return found->second.content.substr(offset, most);
}

Task<Outcome<void>> MemoryQueue::report(model::Report report) {
  if (trouble) co_return *trouble;
  if (report_trouble) co_return *report_trouble;
  for (const model::NewOutbound& notice : report.notices)
    if (notice.content.size() > most_notice)
      co_return Failure{Fault::kOverLimit, "the message is too long", ""};
  Entry& entry = messages_.at(report.message_id);
  for (const model::RecipientReport& one : report.recipients) {
    if (entry.leases[one.number] != report.lease)
      co_return Failure{Fault::kWrongState, "somebody else has them", ""};
    model::OutboundRecipient& recipient = entry.message.recipients.at(one.number);
    recipient.is_untold = one.is_untold && entry.in_session;
    recipient.state = recipient.is_untold ? model::RecipientState::kWaiting : one.state;
    recipient.next_attempt = one.next_attempt;
    recipient.leased_until = 0;
    recipient.last = one.result;
    recipient.delay_told = recipient.delay_told || one.delay_told;
    ++recipient.attempts;
  }
  if (report.has_destination) destinations[report.destination_name] = report.destination;
  for (const model::NewOutbound& notice : report.notices) add(notice, entry.domain);
  reports.push_back(std::move(report));
  changed_.pulse();
  co_return Outcome<void>{};
}

Task<Outcome<void>> MemoryQueue::prolong(std::uint64_t lease, std::chrono::seconds by) {
  if (trouble) co_return *trouble;
  if (loses_leases) co_return Failure{Fault::kWrongState, "the lease is over", ""};
  prolonged.emplace_back(lease, by);
  const std::int64_t until =
      unix_milliseconds(clock_.wall()) + std::chrono::milliseconds(by).count();
  for (auto& [id, entry] : messages_)
    for (const auto& [number, held] : entry.leases)
      if (held == lease) entry.message.recipients.at(number).leased_until = until;
  co_return Outcome<void>{};
}

Task<Outcome<std::vector<model::SigningKey>>> MemoryQueue::signing_keys(std::string) {
  if (trouble) co_return *trouble;
  co_return keys;
}

Task<Outcome<model::BounceHook>> MemoryQueue::bounce_hook(std::string domain_id) {
  hooks_asked.push_back(std::move(domain_id));
  co_return hook;
}

Task<Outcome<model::ForwardOwners>> MemoryQueue::forward_owners(std::string domain_id,
                                                                std::string alias_id) {
  owners_asked.push_back(domain_id + ' ' + alias_id);
  if (owners_trouble) co_return *owners_trouble;
  co_return owners;
}

Task<Outcome<std::vector<model::Outbound>>> MemoryQueue::list_outbound(model::QueueFilter) {
  co_return std::vector<model::Outbound>();
}

Task<Outcome<std::uint64_t>> MemoryQueue::act_on_outbound(model::QueueFilter, model::QueueAction) {
  co_return std::uint64_t{0};
}

Task<Outcome<model::QueueStat>> MemoryQueue::queue_stat() { co_return model::QueueStat{}; }

}  // namespace fwd::test
