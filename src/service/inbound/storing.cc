// Stores messages.
#include "service/inbound/storing.h"

#include <utility>

#include "format/delivery_report.h"
#include "service/inbound/trace.h"

namespace fwd::service {
namespace {

// Packed octets that are handed to the door together.
constexpr std::uint64_t kPortion = 16 * 1024 * 1024;
constexpr std::size_t kMostReturned = 100;  // recipients that a notice may speak of

std::uint64_t packed_octets(const format::PackedMessage& message) {
  std::uint64_t octets = message.outline.search_body.size();
  for (const format::PackedChunk& chunk : message.chunks) octets += chunk.packed.size();
  return octets;
}

// What the message says of one of ours, when it came to a return path.
std::optional<model::Returned> returned(const Judged& message) {
  if (message.goals.return_path.empty()) return std::nullopt;
  // The sender may read of it, too.
  const auto& masked = message.goals.masked;
  auto report = format::parse_delivery_report(masked.empty() ? message.content
                                                             : masked.begin()->second.content);
  if (!report) return std::nullopt;
  model::Returned found;
  found.return_path = message.goals.return_path;
  found.message_id = std::move(report->original_message_id);
  for (format::ReportedRecipient& one : report->recipients) {
    if (one.action != format::ReportAction::kFailed || found.failed.size() == kMostReturned)
      continue;
    found.failed.push_back({std::move(one.address), std::move(one.original), std::move(one.status),
                            std::move(one.response), std::move(one.remote_mta)});
  }
  if (found.failed.empty() || found.message_id.empty()) return std::nullopt;
  return found;
}

// What is stored for it.
std::string whole_for(const InboundContext& context, const Judged& message,
                      const std::string& recipient) {
  const std::string first = return_path_line(message.mail);
  const auto masked = message.goals.masked.find(recipient);
  if (masked != message.goals.masked.end()) return first + masked->second.content;
  return assemble(first + trace_lines(context, message, recipient), message.header.not_stored,
                  message.content);
}

// Mailboxes of one recipient share what was packed.  Recipients have trace
// lines of their own, so each costs a packing of the whole message: some
// milliseconds a megabyte, and at most options.mailboxes times.  What is packed
// is handed on before there is much of it: the budget counts the content once.
Task<Outcome<void>> deliver(const InboundContext& context, const Judged& message,
                            const std::vector<std::string>& ids) {
  const std::vector<MailboxGoal>& goals = message.goals.mailboxes;
  format::PackedMessage packed;
  std::string packed_for;
  for (std::size_t next = 0; next < goals.size();) {
    model::Delivery delivery;
    delivery.message_id = message.mail.id;
    delivery.peer_ip = message.peer.address.ip;
    delivery.envelope_from = message.mail.sender_text();
    if (next == 0) delivery.returned = returned(message);
    std::uint64_t octets = 0;
    for (; next < goals.size() && octets < kPortion; ++next) {
      const MailboxGoal& goal = goals[next];
      if (goal.recipient != packed_for) {
        std::string whole = whole_for(context, message, goal.recipient);
        auto made = co_await context.packer.pack(std::move(whole));
        if (!made.ok()) co_return made.failure();
        packed = std::move(made).value();
        packed_for = goal.recipient;
      }
      octets += packed_octets(packed);
      const bool is_last = next + 1 == goals.size() || goals[next + 1].recipient != packed_for;
      model::DeliveryTarget& target = delivery.targets.emplace_back();
      target.alias_id = goal.mailbox.alias_id;
      if (message.judgement.is_junk) target.folder = model::SpecialUse::kJunk;
      target.delivery_id = ids[next];
      target.message = is_last ? std::move(packed) : packed;
    }
    const auto stored = co_await context.deliveries.deliver(std::move(delivery));
    if (!stored.ok()) co_return stored;
  }
  co_return Outcome<void>{};
}

}  // namespace

std::string trace_lines(const InboundContext& context, const Judged& message,
                        std::string_view recipient) {
  std::string lines;
  if (!message.header.has_original_to) lines = original_to_line(recipient);
  return lines + message.judgement.lines +
         received_line(message.peer, message.mail, message.goals.only_recipient,
                       context.clock.wall());
}

Outcome<void> check_room(const Judged& message) {
  const std::uint64_t most = message.goals.size_limit;
  if (most > 0 && message.content.size() > most)
    return Failure{Fault::kOverQuota, "", "longer than the fullest mailbox takes"};
  return {};
}

std::string assemble(const std::string& prefix, const HeaderScan::Places& dropped,
                     std::string_view content) {
  std::string whole;
  whole.reserve(prefix.size() + content.size() + 2);
  whole = prefix;
  if (content.starts_with(' ') || content.starts_with('\t')) whole += "\r\n";
  std::size_t at = 0;
  for (const auto& [begin, end] : dropped) {
    whole += content.substr(at, begin - at);
    at = end;
  }
  whole += content.substr(at);
  return whole;
}

Task<Outcome<void>> store(const InboundContext& context, Unsettled& unsettled,
                          const Judged& message) {
  const auto room = check_room(message);
  if (!room.ok()) co_return room;
  if (!message.print.empty()) {
    const std::vector<std::string> ids(message.goals.mailboxes.size(), message.print);
    co_return co_await deliver(context, message, ids);
  }
  co_await unsettled.load();
  const std::string sender = message.mail.sender_text();
  const Try attempt{sender, message.content, message.mail.id};
  std::vector<std::string> aliases;
  for (const MailboxGoal& goal : message.goals.mailboxes) aliases.push_back(goal.mailbox.alias_id);
  const auto ids = unsettled.ids_for(attempt, aliases);
  auto stored = co_await deliver(context, message, ids);
  if (stored.ok())
    unsettled.note_stored(attempt, aliases);
  else
    unsettled.note_failed(attempt, aliases, ids);
  co_return stored;
}

}  // namespace fwd::service
