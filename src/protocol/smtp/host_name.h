#ifndef FWD_PROTOCOL_SMTP_HOST_NAME_H
#define FWD_PROTOCOL_SMTP_HOST_NAME_H

// The argument of HELO and EHLO (RFC 5321 §4.1.1.1).

#include <string_view>

namespace fwd::smtp {

// A domain or an address literal, in ASCII.  Underscores and a last dot are
// let through, as many real hosts have them; nothing that could break a trace
// line is.
bool is_host_name(std::string_view text);

}  // namespace fwd::smtp

#endif
