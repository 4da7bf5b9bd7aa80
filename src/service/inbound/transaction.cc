// Decides recipients and stores messages.
#include "service/inbound/transaction.h"

#include <algorithm>
#include <utility>

#include "format/delivery_report.h"
#include "model/postmaster.h"
#include "protocol/smtp/failure_reply.h"
#include "service/inbound/checks.h"
#include "service/inbound/header_scan.h"
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

// `content` without its Return-Path fields (RFC 5321 §4.4: the one who makes
// final delivery removes those that are there), behind `prefix`, our trace
// lines.  Content that begins with white space would continue the last of them:
// it gets an empty line before it and is all body.
std::string assemble(const std::string& prefix, const HeaderScan& header,
                     std::string_view content) {
  std::string whole;
  whole.reserve(prefix.size() + content.size() + 2);
  whole = prefix;
  if (content.starts_with(' ') || content.starts_with('\t')) whole += "\r\n";
  std::size_t at = 0;
  for (const auto& [begin, end] : header.return_paths) {
    whole += content.substr(at, begin - at);
    at = end;
  }
  whole += content.substr(at);
  return whole;
}

// A sender who may try again is not refused.
std::string_view refusal_event(const smtp::Reply& reply) {
  return reply.code < 500 ? "mx.deferred" : "mx.refused";
}

}  // namespace

smtp::Reply InboundTransaction::judge(const model::Recipient& found) const {
  switch (found.kind) {
    case model::RecipientKind::kMailbox:
      break;
    case model::RecipientKind::kIgnored:  // looks like any other
      return {250, "2.1.5", "Ok"};
    case model::RecipientKind::kSoftDisabled:
      // 421 is what the alias's owner asked for.  The session stays open for
      // the other recipients, though peers may well leave.
      return {421, "4.2.1", "Mailbox disabled, try again later"};
    case model::RecipientKind::kHardDisabled:
      return {550, "5.2.1", "Mailbox disabled"};
    case model::RecipientKind::kUnknown:
      return {550, "5.1.1", "No such address here"};
    case model::RecipientKind::kForeign:
      return {550, "5.7.1", "Not our domain, and we do not relay"};
    case model::RecipientKind::kFull:
      return {452, "4.2.2", "Mailbox full"};
    case model::RecipientKind::kNoDestination:
      return {550, "5.2.0", "The address exists and leads nowhere"};
    case model::RecipientKind::kBadReturnPath:
      return {550, "5.7.1", "This return path is not ours, or it is too old"};
  }
  // RFC 5321 §4.5.5: what comes back to us about our mail has no sender, so
  // that whoever learns of the address has no way to the mailbox by it.
  if (found.is_return_path && !mail_.sender.null)
    return {550, "5.7.1", "Only notices without a sender may come to a return path"};
  if (found.size_limit > 0 && mail_.size.value_or(0) > found.size_limit)
    return {452, "4.2.2", "Mailbox too full for a message of this size"};
  if (goals_.size() + new_goals(found) > context_.options.mailboxes)
    return {452, "4.5.3", "Too many mailboxes for one message"};
  return {250, "2.1.5", "Ok"};
}

bool InboundTransaction::has_goal(const std::string& alias_id) const {
  return std::any_of(goals_.begin(), goals_.end(),
                     [&](const Goal& goal) { return goal.mailbox.alias_id == alias_id; });
}

std::size_t InboundTransaction::new_goals(const model::Recipient& found) const {
  return static_cast<std::size_t>(
      std::count_if(found.mailboxes.begin(), found.mailboxes.end(),
                    [&](const auto& mailbox) { return !has_goal(mailbox.alias_id); }));
}

Task<Outcome<model::Recipient>> InboundTransaction::find(const format::Address& address) const {
  std::string asked = address.text();
  if (!address.domain.empty())
    co_return co_await context_.deliveries.find_recipient(std::move(asked));
  auto finding =
      model::find_postmaster(context_.deliveries, context_.options.postmaster, peer_.host);
  co_return co_await finding;
}

Task<smtp::Reply> InboundTransaction::on_recipient(smtp::Recipient named) {
  const format::Path& recipient = named.path;
  std::string address = recipient.address.text();
  auto answer = co_await find(recipient.address);
  if (!answer.ok()) {
    const smtp::Reply reply = smtp::reply_to(answer.failure());
    recorder_.note(peer_, mail_,
                   {"mx.deferred", address, "", "", reply, answer.failure().private_text, 0});
    co_return reply;
  }
  const model::Recipient& found = answer.value();
  if (recipient.address.domain.empty()) address = found.address;
  const smtp::Reply reply = judge(found);
  if (!reply.accepts()) {
    recorder_.note(peer_, mail_,
                   {refusal_event(reply), address, found.domain_id, "", reply, "", 0});
    co_return reply;
  }
  ++recipients_;
  if (found.is_return_path) return_path_ = found.address;
  if (found.kind == model::RecipientKind::kIgnored)
    ignored_.push_back({{}, address, found.domain_id});
  for (const auto& mailbox : found.mailboxes)
    if (!has_goal(mailbox.alias_id)) goals_.push_back({mailbox, address, found.domain_id});
  if (found.size_limit > 0)
    size_limit_ = size_limit_ == 0 ? found.size_limit : std::min(size_limit_, found.size_limit);
  co_return reply;
}

void InboundTransaction::note_all(std::string_view event, const smtp::Reply& reply,
                                  const std::string& reason, std::uint64_t size) {
  for (const Goal& goal : goals_)
    recorder_.note(
        peer_, mail_,
        {event, goal.recipient, goal.domain_id, goal.mailbox.alias_id, reply, reason, size});
  const bool stored = event == "mx.delivered";
  for (const Goal& goal : ignored_)
    recorder_.note(
        peer_, mail_,
        {stored ? "mx.ignored" : event, goal.recipient, goal.domain_id, "", reply, reason, size});
}

Task<smtp::Reply> InboundTransaction::on_message(std::string content) {
  const HeaderScan header = scan_header(content);
  const std::uint64_t size = content.size();
  const MessageFacts facts{peer_, mail_, context_.options, header, content};
  const auto refused = co_await run_message_checks(facts);
  if (refused) {
    note_all(refusal_event(refused->reply), refused->reply, std::string(refused->check), size);
    co_return refused->reply;
  }
  smtp::Reply reply{250, "2.0.0", "Accepted as " + mail_.id};
  if (!goals_.empty()) {
    const auto stored = co_await store(header, std::move(content));
    if (!stored.ok()) {
      reply = smtp::reply_to(stored.failure());
      note_all(refusal_event(reply), reply, stored.failure().private_text, size);
      co_return reply;
    }
  }
  note_all("mx.delivered", reply, "", size);
  co_return reply;
}

std::optional<model::Returned> InboundTransaction::returned(const std::string& content) const {
  if (return_path_.empty()) return std::nullopt;
  auto report = format::parse_delivery_report(content);
  if (!report) return std::nullopt;
  model::Returned found;
  found.return_path = return_path_;
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

std::string InboundTransaction::trace_lines(const HeaderScan& header, const Goal& goal) const {
  std::string lines = return_path_line(mail_);
  if (!header.has_original_to) lines += original_to_line(goal.recipient);
  const std::string_view only = recipients_ == 1 ? std::string_view(goal.recipient) : "";
  return lines + received_line(peer_, mail_, only, context_.clock.wall());
}

// Mailboxes of one recipient share what was packed.  Recipients have trace
// lines of their own, so each costs a packing of the whole message: some
// milliseconds a megabyte, and at most options.mailboxes times.  What is packed
// is handed on before there is much of it: the budget counts the content once.
Task<Outcome<void>> InboundTransaction::deliver(const HeaderScan& header,
                                                const std::string& content,
                                                const std::vector<std::string>& ids) {
  format::PackedMessage packed;
  std::string packed_for;
  for (std::size_t next = 0; next < goals_.size();) {
    model::Delivery delivery;
    delivery.message_id = mail_.id;
    delivery.peer_ip = peer_.address.ip;
    delivery.envelope_from = mail_.sender_text();
    if (next == 0) delivery.returned = returned(content);
    std::uint64_t octets = 0;
    for (; next < goals_.size() && octets < kPortion; ++next) {
      const Goal& goal = goals_[next];
      if (goal.recipient != packed_for) {
        const std::string lines = trace_lines(header, goal);
        std::string whole = assemble(lines, header, content);
        auto made = co_await context_.packer.pack(std::move(whole));
        if (!made.ok()) co_return made.failure();
        packed = std::move(made).value();
        packed_for = goal.recipient;
      }
      octets += packed_octets(packed);
      const bool is_last = next + 1 == goals_.size() || goals_[next + 1].recipient != packed_for;
      model::DeliveryTarget& target = delivery.targets.emplace_back();
      target.alias_id = goal.mailbox.alias_id;
      target.delivery_id = ids[next];
      target.message = is_last ? std::move(packed) : packed;
    }
    const auto stored = co_await context_.deliveries.deliver(std::move(delivery));
    if (!stored.ok()) co_return stored;
  }
  co_return Outcome<void>{};
}

// One answer for all recipients: when the fullest mailbox cannot take the
// message nobody gets it yet, since SMTP has one reply for the whole content.
// Where some have it before another fails, the next try repeats its ids.
Task<Outcome<void>> InboundTransaction::store(const HeaderScan& header, std::string content) {
  if (size_limit_ > 0 && content.size() > size_limit_)
    co_return Failure{Fault::kOverQuota, "", "longer than the fullest mailbox takes"};
  co_await unsettled_.load();
  const std::string sender = mail_.sender_text();
  const Try message{sender, content, mail_.id};
  std::vector<std::string> aliases;
  for (const Goal& goal : goals_) aliases.push_back(goal.mailbox.alias_id);
  const auto ids = unsettled_.ids_for(message, aliases);
  auto stored = co_await deliver(header, content, ids);
  if (stored.ok())
    unsettled_.note_stored(message, aliases);
  else
    unsettled_.note_failed(message, aliases, ids);
  co_return stored;
}

}  // namespace fwd::service
