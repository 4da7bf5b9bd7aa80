#ifndef FWD_PROTOCOL_IMAP_MAILBOX_NAME_H
#define FWD_PROTOCOL_IMAP_MAILBOX_NAME_H

// Names of folders as the wire spells them: modified UTF-7 (RFC 3501 §5.1.3)
// or UTF-8, INBOX in any case, and LIST's patterns.

#include <optional>
#include <string>
#include <string_view>

namespace fwd::imap {

inline constexpr char kSeparator = '/';

std::string to_modified_utf7(std::string_view utf8);
// Nothing when `name` is not modified UTF-7 in its one legal form.
std::optional<std::string> from_modified_utf7(std::string_view name);

// INBOX, alone or as the first level, in capitals (RFC 9051 §5.1).
std::string canonical_path(std::string path);

// LIST's wildcards (RFC 9051 §6.3.9): "*" matches anything, "%" anything
// within one level.  Takes at most the product of both lengths, whatever the
// pattern.
bool matches_pattern(std::string_view pattern, std::string_view path);

}  // namespace fwd::imap

#endif
