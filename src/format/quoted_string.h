#ifndef FWD_FORMAT_QUOTED_STRING_H
#define FWD_FORMAT_QUOTED_STRING_H

// Text in double quotes, a backslash before each quote and backslash: the one
// form that mail (RFC 5322 §3.2.4), SMTP (RFC 5321 §4.1.2) and IMAP (RFC 9051
// §4.3) share.  What may not stand in it is the caller's to look for.

#include <string>
#include <string_view>

namespace fwd::format {

void append_quoted(std::string& out, std::string_view text);
std::string quoted(std::string_view text);

}  // namespace fwd::format

#endif
