// Rules for the paths of folders.
#include "storage/mailbox/folder_name.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/mutf7.h"

namespace fwd::mailbox {
namespace {

// C0, DEL, and the C1 controls U+0080 to U+009F (RFC 5198 §2).
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet < 0x20 || octet == 0x7f) return true;
    if (octet == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

}  // namespace

Outcome<std::string> normal_path(std::string_view path, const Limits& limits) {
  if (path.size() > limits.path_octets)
    return Failure{Fault::kOverLimit, "the folder's name is too long", ""};
  if (!is_utf8(path) || has_control(path))
    return Failure{Fault::kBadInput, "the folder's name is not plain UTF-8 text", ""};
  auto composed = format::compose_name(path);
  if (!composed) return Failure{Fault::kBadInput, "the folder's name is not UTF-8", ""};
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

std::string_view parent_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool is_below(std::string_view path, std::string_view above) {
  return path.size() > above.size() && path[above.size()] == '/' && path.starts_with(above);
}

}  // namespace fwd::mailbox
