#ifndef FWD_FORMAT_WIRE_STRING_H
#define FWD_FORMAT_WIRE_STRING_H

// Strings as IMAP writes them (RFC 9051 §4.3): quoted when plain, else a literal.

#include <string>
#include <string_view>

namespace fwd::format {

// Quoted for printable ASCII and tabs, a literal for anything else.  NUL,
// which IMAP cannot say (RFC 9051 §9 CHAR8), is left out.
void append_string(std::string& out, std::string_view text);

}  // namespace fwd::format

#endif
