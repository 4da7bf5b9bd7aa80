// Queued messages as words on a terminal and as JSON.
#include "service/operator/queue_words.h"

#include <algorithm>
#include <iterator>

#include "model/date.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

using model::Outbound;
using model::OutboundRecipient;
using model::RecipientState;

constexpr std::size_t kMostAnswer = 60;

const char* state_name(RecipientState state) {
  switch (state) {
    case RecipientState::kWaiting:
      return "waiting";
    case RecipientState::kDelivered:
      return "delivered";
    case RecipientState::kFailed:
      return "failed";
  }
  return "";
}

std::string state_words(const Outbound& message) {
  std::string words(model::outbound_state_name(message.state));
  if (message.is_held) words += ", held";
  return words;
}

// "3m", "5h", "2d": near enough.
std::string show_span(std::int64_t ms) {
  const std::int64_t minutes = std::max<std::int64_t>(ms, 0) / 60000;
  if (minutes < 120) return std::to_string(minutes) + "m";
  if (minutes < 48 * 60) return std::to_string(minutes / 60) + "h";
  return std::to_string(minutes / (24 * 60)) + "d";
}

std::string next_words(const OutboundRecipient& recipient, std::int64_t now) {
  if (recipient.state != RecipientState::kWaiting) return "";
  if (recipient.leased_until > now) return "being tried";
  return recipient.next_attempt <= now ? "due" : "in " + show_span(recipient.next_attempt - now);
}

// The recipient that says most of its message: one that waits, or has failed.
const OutboundRecipient* most_telling(const Outbound& message) {
  const OutboundRecipient* found = nullptr;
  const auto rank = [](const OutboundRecipient& one) {
    if (one.state == RecipientState::kWaiting) return one.attempts > 0 ? 3 : 2;
    return one.state == RecipientState::kFailed ? 1 : 0;
  };
  for (const OutboundRecipient& one : message.recipients)
    if (found == nullptr || rank(one) > rank(*found)) found = &one;
  return found;
}

// Cut at a character's end.
std::string shortened(const std::string& text) {
  if (text.size() <= kMostAnswer) return text;
  std::size_t end = kMostAnswer;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string sender_words(const std::string& sender) { return sender.empty() ? "<>" : sender; }

format::Json attempt_json(const model::AttemptResult& last) {
  if (last.time == 0) return format::Json();
  format::Json object;
  object.set("time", moment_json(last.time));
  object.set("code", number_json(last.code));
  object.set("status", format::Json(last.status));
  object.set("response", format::Json(last.response));
  object.set("mx", format::Json(last.mx));
  object.set("ip", format::Json(last.ip));
  object.set("tls", format::Json(last.tls));
  object.set("is_from_remote", format::Json(last.from_remote));
  object.set("was_relayed", format::Json(last.was_relayed));
  object.set("duration_ms", number_json(last.duration_ms));
  return object;
}

// Where it goes when its address does not say so.
std::string address_words(const OutboundRecipient& recipient) {
  if (recipient.kind != model::DestinationKind::kHost) return recipient.address;
  return recipient.address + " at " + recipient.destination;
}

format::Json recipient_json(const OutboundRecipient& recipient) {
  format::Json object;
  object.set("address", format::Json(recipient.address));
  object.set("destination", format::Json(recipient.destination));
  object.set("state", format::Json(state_name(recipient.state)));
  object.set("attempts", number_json(recipient.attempts));
  const bool waits = recipient.state == RecipientState::kWaiting;
  object.set("next_attempt_at", waits ? moment_json(recipient.next_attempt) : format::Json());
  object.set("leased_until", moment_json(recipient.leased_until));
  object.set("last_attempt", attempt_json(recipient.last));
  return object;
}

}  // namespace

std::string show_moment(std::int64_t ms) { return model::format_date(model::Date{ms}); }

format::Json moment_json(std::int64_t ms) {
  return ms == 0 ? format::Json() : format::Json(show_moment(ms));
}

format::Json number_json(std::uint64_t number) {
  return format::Json(static_cast<std::int64_t>(number));
}

format::Json outbound_json(const Outbound& message) {
  format::Json object;
  object.set("id", format::Json(message.id));
  object.set("state", format::Json(model::outbound_state_name(message.state)));
  object.set("is_held", format::Json(message.is_held));
  object.set("is_redacted", format::Json(message.is_redacted));
  object.set("is_forward", format::Json(message.is_forward));
  if (message.is_forward) object.set("forwarded_for", format::Json(message.shown));
  object.set("envelope_from", format::Json(message.envelope_from));
  object.set("header_from", format::Json(message.header_from));
  object.set("message_id", format::Json(message.message_id));
  object.set("subject", format::Json(message.subject));
  object.set("domain", format::Json(message.domain_id));
  object.set("user", format::Json(message.user_id));
  object.set("alias", format::Json(message.alias_id));
  object.set("size", number_json(message.size));
  object.set("created_at", moment_json(message.created));
  object.set("not_before", moment_json(message.not_before));
  object.set("expires_at", moment_json(message.expires));
  object.set("ended_at", moment_json(message.ended));
  format::Json::Array recipients;
  for (const OutboundRecipient& recipient : message.recipients)
    recipients.push_back(recipient_json(recipient));
  object.set("recipients", format::Json(std::move(recipients)));
  return object;
}

std::string outbound_table(const std::vector<Outbound>& messages, std::int64_t now) {
  std::vector<std::vector<std::string>> rows{
      {"MESSAGE", "STATE", "AGE", "SIZE", "FROM", "TO", "NEXT", "LAST ANSWER"}};
  for (const Outbound& message : messages) {
    std::vector<std::string> row{message.id, state_words(message), show_span(now - message.created),
                                 show_octets(message.size), sender_words(message.envelope_from)};
    if (const OutboundRecipient* const one = most_telling(message)) {
      const std::size_t others = message.recipients.size() - 1;
      row.push_back(address_words(*one) + (others > 0 ? " +" + std::to_string(others) : ""));
      row.push_back(message.is_held ? "" : next_words(*one, now));
      row.push_back(shortened(one->last.response));
    }
    rows.push_back(std::move(row));
  }
  return text_table(rows);
}

std::string outbound_text(const Outbound& message, std::int64_t now) {
  std::vector<std::vector<std::string>> rows{{"message", message.id},
                                             {"state", state_words(message)},
                                             {"from", sender_words(message.envelope_from)}};
  const auto add = [&rows](const char* name, const std::string& value) {
    if (!value.empty()) rows.push_back({name, value});
  };
  add("forwarded for", message.shown);
  add("From", message.header_from);
  add("Message-ID", message.message_id);
  add("Subject", message.subject);
  add("size", show_octets(message.size));
  add("taken", show_moment(message.created));
  add("not before", show_moment(message.not_before));
  add("given up", message.ended == 0 ? show_moment(message.expires) : "");
  add("ended", show_moment(message.ended));
  std::string text = text_table(rows) + '\n';
  rows = {{"TO", "STATE", "TRIES", "NEXT", "HOST", "LAST ANSWER"}};
  for (const OutboundRecipient& one : message.recipients) {
    const std::string code = one.last.code == 0 ? "" : std::to_string(one.last.code) + ' ';
    rows.push_back(
        {address_words(one), state_name(one.state), std::to_string(one.attempts),
         message.is_held ? "" : next_words(one, now), one.last.mx,
         code + (one.last.status.empty() ? "" : one.last.status + ' ') + one.last.response});
  }
  return text + text_table(rows);
}

format::Json stat_json(const model::QueueStat& stat) {
  format::Json object;
  for (std::size_t i = 1; i < std::size(stat.messages); ++i)
    object.set(model::outbound_state_name(static_cast<model::OutboundState>(i)),
               number_json(stat.messages[i]));
  object.set("octets", number_json(stat.octets));
  object.set("oldest_waiting_at", moment_json(stat.oldest_waiting));
  object.set("recipients_being_tried", number_json(stat.with_workers));
  format::Json::Array destinations;
  for (const model::QueueStat::Destination& one : stat.destinations) {
    format::Json destination;
    destination.set("name", format::Json(one.name));
    destination.set("waiting", number_json(one.waiting));
    destination.set("failures", number_json(one.failures));
    destination.set("paused_until", moment_json(one.paused_until));
    destination.set("reason", format::Json(one.reason));
    destinations.push_back(std::move(destination));
  }
  object.set("destinations", format::Json(std::move(destinations)));
  return object;
}

std::string stat_text(const model::QueueStat& stat, std::int64_t now) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 1; i < std::size(stat.messages); ++i)
    rows.push_back({std::string(model::outbound_state_name(static_cast<model::OutboundState>(i))),
                    std::to_string(stat.messages[i])});
  rows.push_back({"size", show_octets(stat.octets)});
  rows.push_back({"being tried", std::to_string(stat.with_workers)});
  if (stat.oldest_waiting != 0)
    rows.push_back({"oldest waits since", show_moment(stat.oldest_waiting)});
  std::string text = text_table(rows);
  if (stat.destinations.empty()) return text;
  rows = {{"DESTINATION", "WAITING", "FAILURES", "PAUSED", "REASON"}};
  for (const model::QueueStat::Destination& one : stat.destinations)
    rows.push_back({one.name, std::to_string(one.waiting), std::to_string(one.failures),
                    one.paused_until > now ? "for " + show_span(one.paused_until - now) : "",
                    shortened(one.reason)});
  return text + '\n' + text_table(rows);
}

}  // namespace fwd::service
