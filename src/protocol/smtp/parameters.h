#ifndef FWD_PROTOCOL_SMTP_PARAMETERS_H
#define FWD_PROTOCOL_SMTP_PARAMETERS_H

// The parameters behind the paths of MAIL and RCPT (RFC 5321 §4.1.2).

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/smtp/policy.h"

namespace fwd::smtp {

struct MailParameters {
  std::optional<std::uint64_t> size;  // RFC 1870 §3
  Body body = Body::k7Bit;            // RFC 6152 §3, RFC 3030 §3
  bool smtp_utf8 = false;             // RFC 6531 §3.4
};

// Eats ` Mail-parameters` behind MAIL's path.  501 for broken or doubled ones,
// 555 for those we do not know, and for any when the peer said HELO.
std::optional<Reply> parse_mail_parameters(std::string_view text, bool extended,
                                           MailParameters& into);
// RCPT takes none yet.
std::optional<Reply> parse_rcpt_parameters(std::string_view text);

}  // namespace fwd::smtp

#endif
