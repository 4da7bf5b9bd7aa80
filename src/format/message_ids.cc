// Collects message ids.
#include "format/message_ids.h"

#include <algorithm>

#include "core/text.h"
#include "format/header_lines.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMost = 100;
constexpr std::size_t kMostOctets = 998;

void add(std::vector<std::string>& ids, std::string_view id) {
  id = trim(id);
  if (id.empty() || id.size() > kMostOctets || ids.size() >= kMost) return;
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.emplace_back(id);
}

// Everything in angle brackets: what stands between two ids is of no account,
// and old In-Reply-To fields hold phrases.
void add_bracketed(std::vector<std::string>& ids, std::string_view text) {
  while (ids.size() < kMost) {
    const std::size_t begin = text.find('<');
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin + 1);
    const std::size_t end = text.find_first_of("<>");
    if (end == std::string_view::npos) return;
    if (text[end] == '>') add(ids, text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace

std::vector<std::string> collect_message_ids(const HeaderBlock& header) {
  std::vector<std::string> ids;
  const std::string own = header.text("message-id");
  add_bracketed(ids, own);
  if (ids.empty())
    add(ids, own);  // some programs forget the brackets
  else
    ids.resize(1);
  for (const char* name : {"in-reply-to", "references"}) add_bracketed(ids, header.text(name));
  return ids;
}

}  // namespace fwd::format
