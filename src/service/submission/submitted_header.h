#ifndef FWD_SERVICE_SUBMISSION_SUBMITTED_HEADER_H
#define FWD_SERVICE_SUBMISSION_SUBMITTED_HEADER_H

// The header of a message as a client gave it: what it says, and how it goes
// out (RFC 6409 §8).  Pure.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "format/one_mailbox.h"

namespace fwd::submission {

struct SubmittedHeader {
  std::size_t size = 0;                    // octets, with the empty line
  std::optional<format::OneMailbox> from;  // nothing: there is no From field
  std::string message_id;                  // with its brackets; "" when there is none that is good
  std::optional<std::int64_t> date;        // seconds since 1970; nothing: none, or not a date
  std::string subject;                     // decoded, UTF-8
  bool tls_optional = false;               // "TLS-Required: No" (RFC 8689 §5)
  std::size_t received = 0;                // Received fields
};

// kBadInput, with public words for the client: lines that are no fields, bare
// CR, LF or NUL, a From of other than one mailbox, doubled fields that may
// stand once only (RFC 5322 §3.6), an absurd length.
Outcome<SubmittedHeader> read_header(std::string_view message);

// What is put before the header's own lines; "" keeps the message's own.
struct Supplements {
  std::string trace;       // whole lines with CRLF: Received, X-Forward-Email-…
  std::string from;        // the field's value
  std::string date;        // as above
  std::string message_id;  // as above, with its brackets
  // Whether an address may stand in Sender and Resent-From; without it all may.
  std::function<bool(const std::string& address)> may_show = {};
};

// The message as it goes out: supplements, then the header without what they
// replace and without Bcc, Resent-Bcc, Return-Path and X-Forward-Email-… lines
// that only we may write, and without Sender, Resent-Sender and Resent-From of
// others than the sender (RFC 6409 §8.1), then the body.  Text ends with CRLF.
std::string rewrite(std::string_view message, const SubmittedHeader& header,
                    const Supplements& supplements);

}  // namespace fwd::submission

#endif
