// Writes of forwards that failed.
#include "service/delivery/issue_mail.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/address.h"
#include "format/date.h"
#include "format/plain_message.h"

namespace fwd::delivery {
namespace {

// A remote chose the words.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  return text;
}

std::string span_text(std::chrono::milliseconds span) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(span).count();
  if (hours >= 48) return std::to_string(hours / 24) + " days";
  if (hours > 1) return std::to_string(hours) + " hours";
  return "an hour";
}

std::string text_of(const Issue& issue) {
  const model::AttemptResult& result = issue.result;
  std::string text = "Mail for " + issue.shown + " could not be forwarded to\n\n  " +
                     one_line(issue.destination) + "\n\nand is not tried again.\n\n";
  text += "  Status:   " + one_line(result.status) + '\n';
  text += "  Reason:   " + one_line(result.response) + '\n';
  if (result.from_remote && !result.mx.empty()) text += "  Told by:  " + one_line(result.mx) + '\n';
  text += "  Sender:   " + one_line(issue.sender) + '\n';
  text += "  Arrived:  " + format::write_mail_date(issue.arrived / 1000) + '\n';
  text += "  Message:  " + issue.message + "\n\n";
  text += issue.alias.empty() ? "A TXT record of " + issue.domain + " leads there."
                              : "The alias " + issue.alias + " leads there.";
  text +=
      " If nobody wants that any more,\ntake the destination out.  If it is right, ask whoever"
      " looks after it to take\nmail that is forwarded.  Other destinations and mailboxes of the"
      " address are\nnot touched by this.\n\n";
  if (issue.repeat.count() > 0)
    text += "Of this destination nothing more is told for " + span_text(issue.repeat) + ".\n";
  return text;
}

}  // namespace

model::NewOutbound write_issue(const Issue& issue, const std::string& to) {
  model::NewOutbound out;
  out.id = issue.unique;
  out.recipients.push_back({to, model::kNotifyNever, ""});
  out.header_from = "mailer-daemon@" + issue.domain;
  out.message_id = "<" + issue.unique + ".forward@" + issue.domain + ">";
  out.date = issue.now;
  out.subject = "Mail for " + issue.shown + " could not be forwarded";
  const auto address = format::parse_mailbox(to, format::AddressCharset::kUtf8);
  out.smtp_utf8 = address.ok() && address.value().needs_utf8();
  format::PlainMessage message;
  message.from = out.header_from;
  message.to = to;
  message.subject = out.subject;
  message.message_id = out.message_id;
  message.date = issue.now / 1000;
  message.more = {{"Auto-Submitted", "auto-generated"},  // RFC 3834 §5.1
                  {"X-Auto-Response-Suppress", "All"}};
  message.text = text_of(issue);
  out.content = format::write_plain_message(message);
  out.body = is_ascii(out.content) ? model::BodyKind::k7Bit : model::BodyKind::k8BitMime;
  return out;
}

}  // namespace fwd::delivery
