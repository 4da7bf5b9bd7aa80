#ifndef FWD_PROTOCOL_IMAP_MAILBOX_NAME_H
#define FWD_PROTOCOL_IMAP_MAILBOX_NAME_H

// Names of folders: INBOX in any case, and LIST's patterns.

#include <string>
#include <string_view>

namespace fwd::imap {

inline constexpr char kSeparator = '/';

// INBOX, alone or as the first level, in capitals (RFC 9051 §5.1).
std::string canonical_path(std::string path);

// LIST's wildcards (RFC 9051 §6.3.9): "*" matches anything, "%" anything
// within one level.  Takes at most the product of both lengths, whatever the
// pattern.
bool matches_pattern(std::string_view pattern, std::string_view path);

}  // namespace fwd::imap

#endif
