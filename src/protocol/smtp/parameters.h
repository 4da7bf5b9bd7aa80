#ifndef FWD_PROTOCOL_SMTP_PARAMETERS_H
#define FWD_PROTOCOL_SMTP_PARAMETERS_H

// The parameters behind the paths of MAIL and RCPT (RFC 5321 §4.1.2).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/smtp/policy.h"

namespace fwd::smtp {

// Which parameters were announced, and so are taken.
struct OfferedParameters {
  bool extended = false;     // EHLO was said: without it there are none
  bool auth = false;         // AUTH=
  bool dsn = false;          // RET, ENVID
  bool require_tls = false;  // REQUIRETLS
  bool hold = false;         // HOLDFOR, HOLDUNTIL
};

struct MailParameters {
  std::optional<std::uint64_t> size;                             // RFC 1870 §3
  Body body = Body::k7Bit;                                       // RFC 6152 §3, RFC 3030 §3
  bool smtp_utf8 = false;                                        // RFC 6531 §3.4
  std::optional<std::string> envelope_id;                        // RFC 3461 §4.4, decoded
  model::ReturnContent returns = model::ReturnContent::kUnsaid;  // RFC 3461 §4.3
  bool auth = false;         // RFC 4954 §5: was there, and is well formed; we trust nobody's word
  bool require_tls = false;  // RFC 8689 §2
  std::optional<std::uint64_t> hold_for;   // RFC 4865: seconds
  std::optional<std::int64_t> hold_until;  // RFC 4865: seconds since 1970
};

struct RcptParameters {
  std::uint8_t notify = model::kNotifyUnsaid;  // RFC 3461 §4.1
  std::optional<std::string> original;         // RFC 3461 §4.2, decoded: "rfc822;a@example.com"
};

// Eats ` Mail-parameters` behind MAIL's path.  501 for broken or doubled ones,
// 555 for those that were not announced.
std::optional<Reply> parse_mail_parameters(std::string_view text, const OfferedParameters& offered,
                                           MailParameters& into);
// The same for RCPT; with `utf8`, ORCPT may hold UTF-8 (RFC 6533 §3).
std::optional<Reply> parse_rcpt_parameters(std::string_view text, bool dsn, bool utf8,
                                           RcptParameters& into);

// xtext (RFC 3461 §4) decoded, when all of `text` is that and what comes out is
// printable ASCII: no line end can be smuggled into a report by it.
std::optional<std::string> decode_xtext(std::string_view text);

}  // namespace fwd::smtp

#endif
