#ifndef FWD_FORMAT_DELIVERY_REPORT_H
#define FWD_FORMAT_DELIVERY_REPORT_H

// Delivery status notifications (RFC 3464) in a multipart/report (RFC 6522):
// written for those who sent mail with us, read when they come back to us.
// Beyond ASCII they take the forms of RFC 6533.
//
//   multipart/report
//     text/plain                what happened, for a person, with the remote's words
//     message/delivery-status   the same for programs; message/global-delivery-status
//     message/rfc822            the message, or text/rfc822-headers; message/global, …

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::format {

// RFC 3464 §2.3.3
enum class ReportAction : std::uint8_t { kFailed, kDelayed, kDelivered, kRelayed, kExpanded };
std::string_view report_action_name(ReportAction action);

struct ReportedRecipient {
  std::string original;  // ORCPT: "rfc822;user@example.com"; "" when not given
  std::string address;   // the final recipient
  ReportAction action = ReportAction::kFailed;
  std::string status;      // RFC 3463: "5.1.1"
  std::string remote_mta;  // the host that was spoken to; "" for none
  std::string response;    // words: the remote's, "550 5.1.1 No such user", or ours
  bool from_remote = false;
  std::int64_t last_attempt = 0;      // seconds since 1970 UTC; 0: none
  std::int64_t will_retry_until = 0;  // likewise; for kDelayed
};

// What a report is made of.  Times are seconds since 1970 UTC.
struct DeliveryReport {
  std::string domain;         // it comes from mailer-daemon@domain
  std::string reporting_mta;  // our host's name
  std::string unique;         // letters and digits, for Message-ID and boundary
  std::string to;             // the sender of the message
  std::int64_t date = 0;
  std::int64_t arrival_date = 0;
  std::string envelope_id;  // ENVID as the sender gave it; "" for none
  std::string message_id;   // the message's, in angle brackets; "" for none
  std::vector<ReportedRecipient> recipients;
  std::string returned;  // the message with CRLF: whole, or its header alone
  bool returns_whole = false;
};

// The report as a message with CRLF, without anything that could end a field
// or a part early, whatever the strings hold.
std::string write_delivery_report(const DeliveryReport& report);

// True when the report holds octets beyond ASCII in its own header or in the
// enclosed one, so that only SMTPUTF8 may carry it (RFC 6533 §4).
bool needs_utf8_header(const DeliveryReport& report);

// A report that came back.
struct ReadReport {
  std::string envelope_id;                    // "" when it has none
  std::string original_message_id;            // of the returned message, in angle brackets; or ""
  std::string original_header;                // of the returned message, at most 64 KB; or ""
  std::vector<ReportedRecipient> recipients;  // at most 1000
};

// Nothing for any message that is not a delivery status notification.
std::optional<ReadReport> parse_delivery_report(std::string_view message);

}  // namespace fwd::format

#endif
