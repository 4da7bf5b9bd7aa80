// Collects message ids.
#include "format/message_ids.h"

#include <algorithm>
#include <utility>

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

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void add_plain(std::vector<std::string>& ids, std::string_view word) {
  std::string id;
  for (const char c : word.substr(0, 2 * kMostOctets))
    if (!is_space(c)) id += c;
  const bool has_control =
      std::any_of(id.begin(), id.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (word.size() > 2 * kMostOctets || id.empty() || id.size() > kMostOctets - 2 || has_control)
    return;
  ids.push_back('<' + id + '>');
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

std::vector<std::string> bracketed_ids(std::string_view value, std::size_t most) {
  std::vector<std::string> ids;
  std::size_t begin = value.find('<');
  if (begin == std::string_view::npos && most > 0) {
    const std::string_view word = trim(value);
    if (std::none_of(word.begin(), word.end(), is_space)) add_plain(ids, word);
  }
  while (begin != std::string_view::npos && ids.size() < most) {
    const std::size_t end = value.find('>', begin);
    if (end == std::string_view::npos) break;
    add_plain(ids, value.substr(begin + 1, end - begin - 1));
    begin = value.find('<', end);
  }
  return ids;
}

std::string first_bracketed_id(std::string_view value) {
  std::vector<std::string> ids = bracketed_ids(value, 1);
  return ids.empty() ? std::string() : std::move(ids[0]);
}

}  // namespace fwd::format
