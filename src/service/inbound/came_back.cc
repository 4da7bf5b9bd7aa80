// Reads what came back, and writes what goes on of it.
#include "service/inbound/came_back.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/address.h"
#include "format/automatic_mail.h"
#include "format/header_lines.h"
#include "format/message_ids.h"
#include "model/masked_words.h"
#include "model/notice.h"
#include "service/inbound/backscatter.h"
#include "service/inbound/forward_outcome.h"
#include "service/inbound/recipients.h"

namespace fwd::service {
namespace {

using format::ReportAction;

constexpr std::size_t kMostIds = 10;
constexpr std::size_t kMostAddresses = 100;
constexpr std::size_t kMostId = 998;
constexpr std::size_t kMostBody = 64 * 1024;  // octets looked through for a Message-ID
constexpr std::size_t kMostReturned = 16 * 1024;

void add_once(std::vector<std::string>& list, std::string_view word, std::size_t most) {
  if (word.empty() || list.size() >= most) return;
  if (std::find(list.begin(), list.end(), word) == list.end()) list.emplace_back(word);
}

void add_ids(std::string_view value, std::vector<std::string>& ids) {
  for (const std::string& id : format::bracketed_ids(value, kMostIds)) add_once(ids, id, kMostIds);
}

// Reports of old give the message back as text.
void add_quoted_ids(std::string_view body, std::vector<std::string>& ids) {
  for (const std::string_view line : split(body.substr(0, kMostBody), '\n')) {
    const std::string_view text = trim(line);
    if (starts_with_word(text, "message-id:")) add_ids(text.substr(text.find(':') + 1), ids);
  }
}

std::string_view without_type(std::string_view address) {
  return trim(address.substr(address.find(';') + 1));
}

// A report that failed for good though its code says otherwise still failed.
std::string status_for(const std::string& status, ReportAction action) {
  if (action == ReportAction::kDelayed) return status_of_class('4', status);
  if (action != ReportAction::kFailed) return status_of_class('2', status);
  return status_of_class('5', status.starts_with('4') ? '5' + status.substr(1) : status);
}

bool tells(const std::string& text, const std::vector<std::string>& secrets) {
  const std::string lower = to_lower(text);
  return std::any_of(secrets.begin(), secrets.end(), [&lower](const std::string& secret) {
    return lower.find(secret) != std::string::npos;
  });
}

// Fields by which people and programs know what they sent; those that others add on
// the way are not among them.
std::string sent_header(const ReadBack& back, const model::WentOn& went) {
  if (went.message_id.empty()) return {};
  std::string header = "Message-ID: " + went.message_id + "\r\n";
  if (went.secrets.empty()) return header;
  for (const char* name :
       {"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "In-Reply-To", "References",
        "List-Id", "List-Unsubscribe", "Feedback-ID"}) {
    const std::string field = format::pick_fields(back.original_header, {name}, false);
    const auto value = format::find_field(field, name);
    const std::string text = value ? format::unfold(*value) : std::string();
    const bool has_control =
        std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
    if (text.empty() || has_control || tells(text, went.secrets)) continue;
    if (text.size() > kMostId || header.size() + text.size() > kMostReturned) continue;
    header += std::string(name) + ": " + text + "\r\n";
  }
  return header + "\r\n";
}

}  // namespace

ReadBack read_came_back(std::string_view content) {
  ReadBack back;
  const std::string_view header = format::looked_at_header(content);
  const auto report = format::parse_delivery_report(content);
  if (report && !report->recipients.empty()) {
    const auto worst = std::min_element(
        report->recipients.begin(), report->recipients.end(),
        [](const auto& one, const auto& other) { return one.action < other.action; });
    back.kind = ReadBack::Kind::kReport;
    back.action =
        worst->action == ReportAction::kExpanded ? ReportAction::kDelivered : worst->action;
    back.status = worst->status;
    back.original_header = report->original_header;
    add_ids(report->original_message_id, back.ids);
    for (const format::ReportedRecipient& one : report->recipients) {
      add_once(back.addresses, one.address, kMostAddresses);
      add_once(back.addresses, without_type(one.original), kMostAddresses);
    }
  } else {
    const auto type = format::find_field(header, "Content-Type");
    const auto author =
        format::parse_mailbox(format::find_author(header), format::AddressCharset::kUtf8);
    const std::string local = author.ok() ? author.value().local : std::string();
    if (looks_like_report(local, type.value_or(""))) back.kind = ReadBack::Kind::kUnreadable;
  }
  if (!back.ids.empty()) return back;
  for (const char* name : {"In-Reply-To", "References"})
    add_ids(format::find_field(header, name).value_or(""), back.ids);
  add_quoted_ids(content.substr(std::min(header.size(), content.size())), back.ids);
  return back;
}

model::NewOutbound mask(const ReadBack& back, const model::WentOn& went,
                        format::DeliveryReport report) {
  format::ReportedRecipient recipient;
  recipient.address = went.shown.empty() ? "undisclosed@" + report.domain : went.shown;
  if (!went.shown.empty()) recipient.original = "rfc822;" + went.shown;
  recipient.action = back.action;
  recipient.status = status_for(back.status, back.action);
  model::AttemptResult result;
  result.status = recipient.status;
  if (back.kind == ReadBack::Kind::kUnreadable)
    recipient.response = "What came back about it could not be read";
  else if (back.action == ReportAction::kFailed)
    recipient.response = model::masked_words({}, result, went.shown).text;
  report.to = went.sender;
  report.message_id = went.message_id;
  report.arrival_date = went.created / 1000;
  report.recipients.push_back(std::move(recipient));
  report.returned = sent_header(back, went);
  return model::make_notice(report);
}

Task<Outcome<std::vector<ReturnedAs>>> look_at_returns(const InboundContext& context,
                                                       const Judged& message) {
  std::vector<ReturnedAs> all;
  if (message.goals.returns.empty() || context.forwarding == nullptr) co_return all;
  const ReadBack back = read_came_back(message.content);
  for (const ReturnGoal& goal : message.goals.returns) {
    auto asking = context.forwarding->find_forwarded({goal.return_path, back.ids, back.addresses});
    const auto went = co_await asking;
    const bool has_lapsed = !went.ok() && went.failure().fault == Fault::kDenied;
    if (!went.ok() && !has_lapsed) co_return went.failure();
    if (went.ok() && went.value().is_own && !went.value().is_forward) continue;
    ReturnedAs& as = all.emplace_back(ReturnedAs{&goal, std::nullopt, std::nullopt});
    if (has_lapsed) {  // since RCPT
      as.refusal = Recipients::refusal(model::RecipientKind::kBadReturnPath);
      continue;
    }
    if (back.kind == ReadBack::Kind::kOther) {
      as.refusal = smtp::Reply{550, "5.7.1", "Only delivery reports may come to this return path"};
      continue;
    }
    format::DeliveryReport report;
    report.domain = goal.domain;
    report.reporting_mta = message.peer.host;
    report.unique = message.mail.id + "r" + std::to_string(all.size());
    report.date = unix_seconds(context.clock.wall());
    as.masked = mask(back, went.value(), std::move(report));
    as.masked->require_tls = message.mail.require_tls;
  }
  co_return all;
}

}  // namespace fwd::service
