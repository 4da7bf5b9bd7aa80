// Rules for the paths of folders.
#include "storage/mailbox/folder_name.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/mutf7.h"

namespace fwd::mailbox {

Outcome<std::string> normal_path(std::string_view path, const Limits& limits) {
  if (path.size() > limits.path_octets)
    return Failure{Fault::kOverLimit, "the folder's name is too long", ""};
  auto composed = format::compose_name(path);
  if (!composed) return Failure{Fault::kBadInput, "the folder's name is not plain UTF-8 text", ""};
  std::string normal = std::move(*composed);
  const auto levels = split(normal, '/');
  if (levels.size() > limits.depth)
    return Failure{Fault::kOverLimit, "the folder's name has too many levels", ""};
  for (const std::string_view level : levels) {
    if (level.empty())
      return Failure{Fault::kBadInput, "a level of the folder's name is empty", ""};
    if (level.size() > limits.level_octets)
      return Failure{Fault::kOverLimit, "a level of the folder's name is too long", ""};
  }
  // RFC 9051 §5.1: INBOX is INBOX in any case.
  constexpr std::string_view kInbox = "INBOX";
  if (same_word(levels.front(), kInbox)) std::copy(kInbox.begin(), kInbox.end(), normal.begin());
  return normal;
}

bool is_below(std::string_view path, std::string_view above) {
  return path.size() > above.size() && path[above.size()] == '/' && path.starts_with(above);
}

}  // namespace fwd::mailbox
