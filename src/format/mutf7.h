#ifndef FWD_FORMAT_MUTF7_H
#define FWD_FORMAT_MUTF7_H

// Folder names on the wire of IMAP4rev1: modified UTF-7 (RFC 3501 §5.1.3).

#include <optional>
#include <string>
#include <string_view>

namespace fwd::format {

// UTF-8 to modified UTF-7.  Nothing when `name` is not UTF-8.
std::optional<std::string> to_mutf7(std::string_view name);

// And back.  Strict: nothing for 8-bit octets, controls, unpaired surrogates,
// base64 of what needs none, needless shifts, and bits that are not zero at
// the end, so that each name has one spelling.
std::optional<std::string> from_mutf7(std::string_view wire);

// A folder name as it is kept: NFC (RFC 5198 §2).  Nothing when it is not UTF-8,
// has a control character, or is longer than 4096 octets.
std::optional<std::string> compose_name(std::string_view name);

}  // namespace fwd::format

#endif
