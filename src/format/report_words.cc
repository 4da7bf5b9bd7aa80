// Says in plain words what came of a message.
#include "format/report_words.h"

#include <algorithm>

#include "core/text.h"
#include "format/date.h"
#include "format/part_text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kWidth = 76;
constexpr std::size_t kMostWords = 1000;

struct Meaning {
  std::string_view detail;  // without its class: "1.1"
  std::string_view words;
};

// RFC 3463 §3 and the registry it began.
constexpr Meaning kMeanings[] = {
    {"1.1", "The address does not exist there. Please check its spelling."},
    {"1.2", "The domain of the address does not exist. Please check its spelling."},
    {"1.3", "The address is not written as an address must be. Please check it."},
    {"1.6", "The mailbox has moved, and nobody knows where to."},
    {"1.10", "The domain of the address accepts no mail."},
    {"2.0", "There is a problem with the mailbox there."},
    {"2.1", "The mailbox is disabled and takes no messages."},
    {"2.2", "The mailbox is full."},
    {"2.3", "The message is larger than the mailbox may take."},
    {"3.4", "The message is larger than that server takes."},
    {"4.1", "No server of that domain could be reached."},
    {"4.2", "The connection to that server broke off."},
    {"4.3", "The domain's servers could not be looked up in the DNS."},
    {"4.4", "The domain names no server that could be reached."},
    {"4.6", "The domain's mail would only come back to us: its DNS is not set up right."},
    {"4.7", "We tried for days, and the time for it is over."},
    {"6.1", "The message holds binary data, which that server does not understand."},
    {"6.3", "The message holds 8-bit text, which that server does not understand."},
    {"6.7", "The address or the header needs characters which that server does not understand."},
    {"7.1", "That server's rules do not let this message in."},
    {"7.10", "The connection to that server could not be made as safe as its domain demands."},
    {"7.30", "You demanded that this message travels encrypted all the way; it cannot."},
};

// `text` in lines of at most kWidth octets where it has spaces, each behind `indent`.
std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kWidth) {
      end = text.rfind(' ', kWidth);
      if (end == std::string_view::npos || end == 0) end = std::min(text.find(' '), text.size());
    }
    out.append(indent).append(text.substr(0, end)).append("\r\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

ReportAction main_action(const DeliveryReport& report) {
  ReportAction action = ReportAction::kExpanded;
  for (const ReportedRecipient& recipient : report.recipients)
    action = std::min(action, recipient.action);
  return action;
}

std::string_view introduction(ReportAction action) {
  switch (action) {
    case ReportAction::kFailed:
      return "Your message could not be delivered to:";
    case ReportAction::kDelayed:
      return "Your message has not been delivered yet to:";
    case ReportAction::kDelivered:
      return "As you asked to be told: your message was delivered to:";
    case ReportAction::kRelayed:
      return "As you asked to be told: your message was handed on to another server, which does "
             "not tell us whether it is delivered, for:";
    case ReportAction::kExpanded:
      return "As you asked to be told: your message was delivered and sent on to several others "
             "for:";
  }
  return {};
}

std::string_view ending(ReportAction action) {
  switch (action) {
    case ReportAction::kFailed:
      return "We will not try again. If you think that this is wrong, tell the people you wrote "
             "to in another way, and show them this message.";
    case ReportAction::kDelayed:
      return "You need not do anything: we go on trying. You will hear from us if it cannot be "
             "delivered in the end.";
    default:
      return "You need not do anything.";
  }
}

std::string about_recipient(const ReportedRecipient& recipient) {
  std::string out = "  " + report_line(recipient.address, true, kMostWords) + "\r\n";
  const bool is_trouble = recipient.action <= ReportAction::kDelayed;
  const std::string words = report_line(recipient.response, true, kMostWords);
  if (is_trouble) out += wrapped(status_meaning(recipient.status), "    ");
  if (is_trouble && recipient.from_remote && !words.empty()) {
    const std::string host = report_line(recipient.remote_mta, true, kMostWords);
    out += "    The server " + (host.empty() ? "there" : host) + " said:\r\n";
    out += wrapped(words, "      ");
  } else if (is_trouble && !words.empty()) {
    out += wrapped(words, "    ");
  }
  if (recipient.will_retry_until > 0)
    out += "    We go on trying until " + write_mail_date(recipient.will_retry_until) + ".\r\n";
  return out + "\r\n";
}

}  // namespace

std::string_view status_meaning(std::string_view status) {
  if (status.size() < 2) return {};
  for (const Meaning& meaning : kMeanings)
    if (status.substr(2) == meaning.detail) return meaning.words;
  return {};
}

std::string report_line(std::string_view text, bool utf8, std::size_t most) {
  std::string out(text.substr(0, most));
  if (text.size() > most) cut_utf8(out, most - std::min<std::size_t>(most, 4));
  const bool keep = utf8 && is_utf8(out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto octet = static_cast<unsigned char>(out[i]);
    const bool is_c1 =
        octet == 0xc2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xa0;
    if (octet < 0x20 || octet == 0x7f) out[i] = ' ';
    if (octet >= 0x80 && !keep) out[i] = '?';
    if (is_c1 && keep) out[i] = out[i + 1] = '?';
  }
  return std::string(trim(out));
}

std::string_view report_subject(const DeliveryReport& report) {
  switch (main_action(report)) {
    case ReportAction::kFailed:
      return "Your message could not be delivered";
    case ReportAction::kDelayed:
      return "Your message is delayed";
    case ReportAction::kRelayed:
      return "Your message was handed on";
    case ReportAction::kDelivered:
    case ReportAction::kExpanded:
      break;
  }
  return "Your message was delivered";
}

std::string report_text(const DeliveryReport& report) {
  const ReportAction action = main_action(report);
  std::string out =
      "This is the mail system at " + report_line(report.reporting_mta, true, 255) + ".\r\n\r\n";
  out += wrapped(introduction(action), "") + "\r\n";
  for (const ReportedRecipient& recipient : report.recipients) out += about_recipient(recipient);
  out += wrapped(ending(action), "") + "\r\n";
  out += wrapped(report.returns_whole
                     ? "The rest of this message is a report for programs and your message."
                     : "The rest of this message is a report for programs and the header of your "
                       "message.",
                 "");
  return out;
}

}  // namespace fwd::format
