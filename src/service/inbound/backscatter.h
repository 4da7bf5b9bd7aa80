#ifndef FWD_SERVICE_INBOUND_BACKSCATTER_H
#define FWD_SERVICE_INBOUND_BACKSCATTER_H

// Backscatter: reports about mail that somebody else sent in our users' names.
// Pure.
//
// What we send goes out under return paths that only the door can make, so a
// report about it comes to one of those.  A report to a plain address is about
// mail that did not leave here, or left by another server: it gets points and
// goes to Junk, but is not refused, as our users may send elsewhere, too.  Answers with a null
// sender that are no reports (receipts, absences) are as they were.

#include <optional>
#include <string_view>

#include "protocol/smtp/reply.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

struct BackscatterFacts {
  bool sender_is_null = false;       // MAIL FROM:<>
  std::string_view sender_local;     // local part of MAIL FROM; "" for the null path
  std::string_view author_local;     // of From
  std::string_view content_type;     // of the message as it stands, parameters too
  bool came_to_return_path = false;  // all recipients are return paths of ours
  bool is_allowed = false;           // by the lists
  bool is_block_listed = false;      // by a DNS list of hosts that send backscatter
  double points = 5;                 // for a report to a plain address
};

struct BackscatterVerdict {
  Finding finding;  // "none", "allowed", "return-path", "unasked", "listed"
  std::optional<smtp::Reply> refusal;
};

// RFC 6522 §3: multipart/report; report-type=delivery-status.
bool is_delivery_report(std::string_view content_type);

// By the local part of its author and its Content-Type.
bool looks_like_report(std::string_view author_local, std::string_view content_type);

BackscatterVerdict check_backscatter(const BackscatterFacts& facts);

}  // namespace fwd::service

#endif
