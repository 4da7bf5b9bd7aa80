// Names of folders and patterns of them.
#include "protocol/imap/mailbox_name.h"

#include <algorithm>
#include <string>

#include "core/text.h"

namespace fwd::imap {

std::string canonical_path(std::string path) {
  const std::size_t end = path.find(kSeparator);
  const std::size_t size = end == std::string::npos ? path.size() : end;
  if (same_word(std::string_view(path).substr(0, size), "INBOX")) path.replace(0, size, "INBOX");
  return path;
}

bool matches_pattern(std::string_view pattern, std::string_view path) {
  // can[i]: the pattern so far can have eaten the first i octets of `path`;
  // none below `low` can, and at least one can.
  std::string can(path.size() + 1, '\0');
  can[0] = 1;
  std::size_t low = 0;
  char before = '\0';
  for (const char c : pattern) {
    if (c == '*' && before == '*') continue;
    before = c;
    if (c == '*') {
      std::fill(can.begin() + static_cast<std::ptrdiff_t>(low), can.end(), '\1');
    } else if (c == '%') {
      for (std::size_t i = low; i < path.size(); ++i)
        if (can[i] != 0 && path[i] != kSeparator) can[i + 1] = 1;
    } else {
      for (std::size_t i = path.size(); i > low; --i)
        can[i] = can[i - 1] != 0 && path[i - 1] == c ? 1 : 0;
      can[low] = 0;
      low = can.find('\1', low + 1);
      if (low == std::string::npos) return false;
    }
  }
  return can[path.size()] != 0;
}

}  // namespace fwd::imap
