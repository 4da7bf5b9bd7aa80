// Names of folders and patterns of them.
#include "protocol/imap/mailbox_name.h"

#include <vector>

#include "core/text.h"

namespace fwd::imap {
std::string canonical_path(std::string path) {
  const std::size_t end = path.find(kSeparator);
  const std::size_t size = end == std::string::npos ? path.size() : end;
  if (same_word(std::string_view(path).substr(0, size), "INBOX")) path.replace(0, size, "INBOX");
  return path;
}

bool matches_pattern(std::string_view pattern, std::string_view path) {
  // Which prefixes of `path` the pattern so far can have eaten.
  std::vector<bool> can(path.size() + 1, false);
  can[0] = true;
  for (const char c : pattern) {
    if (c == '*' || c == '%') {
      for (std::size_t i = 0; i < path.size(); ++i)
        if (can[i] && (c == '*' || path[i] != kSeparator)) can[i + 1] = true;
    } else {
      for (std::size_t i = path.size(); i > 0; --i) can[i] = can[i - 1] && path[i - 1] == c;
      can[0] = false;
    }
  }
  return can[path.size()];
}

}  // namespace fwd::imap
