// Writes delivery status notifications.
#include "format/delivery_report.h"

#include <algorithm>

#include "core/text.h"
#include "format/date.h"
#include "format/header_lines.h"
#include "format/report_words.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostValue = 900;  // octets of one field
constexpr std::size_t kFoldAt = 78;      // RFC 5322 §2.1.1

// "Name: value" with folds where it has spaces.
std::string field(std::string_view name, std::string_view value, bool utf8) {
  std::string out = std::string(name) + ":";
  const std::string line = report_line(value, utf8, kMostValue);
  std::size_t column = out.size();
  for (const std::string_view word : split(line, ' ')) {
    if (word.empty()) continue;
    const bool folds = column > name.size() + 1 && column + word.size() + 1 > kFoldAt;
    out += folds ? "\r\n " : " ";
    out += word;
    column = (folds ? 0 : column) + word.size() + 1;
  }
  return out + "\r\n";
}

std::string date_field(std::string_view name, std::int64_t when) {
  return when > 0 ? field(name, write_mail_date(when), false) : std::string();
}

// "rfc822; user@example.com" (RFC 3464 §2.3.2), "utf-8; …" (RFC 6533 §3).
std::string typed_address(std::string_view address, bool utf8) {
  return (utf8 && !is_ascii(address) ? "utf-8; " : "rfc822; ") + std::string(address);
}

// per-recipient-fields (RFC 3464 §2.3)
std::string recipient_fields(const ReportedRecipient& recipient, bool utf8) {
  std::string out = "\r\n";
  if (!recipient.original.empty()) out += field("Original-Recipient", recipient.original, utf8);
  out += field("Final-Recipient", typed_address(recipient.address, utf8), utf8);
  out += field("Action", report_action_name(recipient.action), false);
  out += field("Status", recipient.status, false);
  if (recipient.from_remote && !recipient.remote_mta.empty())
    out += field("Remote-MTA", "dns; " + recipient.remote_mta, false);
  if (recipient.from_remote && !recipient.response.empty())
    out += field("Diagnostic-Code", "smtp; " + recipient.response, utf8);
  out += date_field("Last-Attempt-Date", recipient.last_attempt);
  out += date_field("Will-Retry-Until", recipient.will_retry_until);
  return out;
}

// per-message-fields (RFC 3464 §2.2)
std::string status_content(const DeliveryReport& report, bool utf8) {
  std::string out;
  if (!report.envelope_id.empty()) out += field("Original-Envelope-Id", report.envelope_id, utf8);
  out += field("Reporting-MTA", "dns; " + report.reporting_mta, false);
  out += date_field("Arrival-Date", report.arrival_date);
  for (const ReportedRecipient& recipient : report.recipients)
    out += recipient_fields(recipient, utf8);
  return out;
}

bool has_utf8_values(const DeliveryReport& report) {
  return !is_ascii(report.envelope_id) ||
         std::any_of(report.recipients.begin(), report.recipients.end(), [](const auto& one) {
           return !is_ascii(one.address) || !is_ascii(one.original);
         });
}

std::string_view returned_header(const DeliveryReport& report) {
  return std::string_view(report.returned).substr(0, header_size(report.returned));
}

std::string part_header(std::string_view description, std::string_view type, bool eight_bit) {
  std::string out = "Content-Description: " + std::string(description) + "\r\nContent-Type: ";
  out.append(type).append("\r\n");
  if (eight_bit) out += "Content-Transfer-Encoding: 8bit\r\n";
  return out + "\r\n";
}

// The message, or its header, that is given back (RFC 6522 §3).
std::string returned_part(const DeliveryReport& report) {
  const std::string_view header = returned_header(report);
  const bool global = !is_ascii(header);
  const std::string_view given = report.returns_whole ? report.returned : header;
  const std::string_view type = report.returns_whole
                                    ? (global ? "message/global" : "message/rfc822")
                                : global ? "message/global-headers"
                                         : "text/rfc822-headers";
  std::string out = part_header(report.returns_whole ? "Undelivered Message" : "Message Headers",
                                type, !is_ascii(given));
  out += given;
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out;
}

// A boundary that stands nowhere in what it separates.
std::string make_boundary(const DeliveryReport& report) {
  std::string boundary = "=_report_" + report_line(report.unique, false, 32);
  while (report.returned.find(boundary) != std::string::npos) boundary += "_x";
  return boundary;
}

std::string top_fields(const DeliveryReport& report, const std::string& boundary) {
  const std::string domain = report_line(report.domain, true, 255);
  std::string out = field("From", "Mail Delivery System <mailer-daemon@" + domain + ">", true);
  out += field("To", "<" + report.to + ">", true);
  out += field("Subject", report_subject(report), false);
  out += field("Date", write_mail_date(report.date), false);
  out += field("Message-ID", "<" + report.unique + "@" + domain + ">", true);
  if (!report.message_id.empty()) {
    out += field("In-Reply-To", report.message_id, true);
    out += field("References", report.message_id, true);
  }
  out += "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n";
  out += "Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"" + boundary +
         "\"\r\n";
  return out;
}

}  // namespace

std::string_view report_action_name(ReportAction action) {
  switch (action) {
    case ReportAction::kFailed:
      return "failed";
    case ReportAction::kDelayed:
      return "delayed";
    case ReportAction::kDelivered:
      return "delivered";
    case ReportAction::kRelayed:
      return "relayed";
    case ReportAction::kExpanded:
      return "expanded";
  }
  return "failed";
}

bool needs_utf8_header(const DeliveryReport& report) {
  return !is_ascii(report.to) || !is_ascii(report.domain) || !is_ascii(report.message_id);
}

std::string write_delivery_report(const DeliveryReport& report) {
  const bool utf8 = has_utf8_values(report);
  const std::string text = report_text(report);
  const std::string boundary = make_boundary(report);
  const std::string cut = "\r\n--" + boundary;
  std::string parts = cut + "\r\n";
  parts += part_header("Notification", "text/plain; charset=utf-8", !is_ascii(text)) + text;
  parts += cut + "\r\n";
  const std::string status = status_content(report, utf8);
  parts += part_header("Delivery Report",
                       utf8 ? "message/global-delivery-status" : "message/delivery-status",
                       !is_ascii(status));
  parts += status;
  if (!report.returned.empty()) parts += cut + "\r\n" + returned_part(report);
  parts += cut + "--\r\n";
  std::string out = top_fields(report, boundary);
  if (!is_ascii(parts)) out += "Content-Transfer-Encoding: 8bit\r\n";
  return out + parts;
}

}  // namespace fwd::format
