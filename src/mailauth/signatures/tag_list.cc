// The grammar of lists of tags.
#include "mailauth/signatures/tag_list.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostTags = 64;
constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// tag-name = ALPHA *ALNUMPUNC
bool is_name(std::string_view text) {
  return !text.empty() && is_alpha(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

// FWS = [*WSP CRLF] 1*WSP; else VALCHAR (%x21-3A / %x3C-7E) or UTF-8.
bool is_tag_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\r') {
      if (i + 2 >= text.size() || text[i + 1] != '\n' ||
          (text[i + 2] != ' ' && text[i + 2] != '\t'))
        return false;
      ++i;
    } else if ((c < ' ' && c != '\t') || c == 0x7f) {
      return false;
    }
  }
  return is_ascii(text) || is_utf8(text);
}

}  // namespace

std::optional<TagList> TagList::read(std::string_view text) {
  if (!is_tag_text(text)) return std::nullopt;
  TagList list;
  for (;;) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const bool is_last = end == text.size();
    // tag-list = tag-spec *( ";" tag-spec ) [ ";" ]
    if (is_last && !list.tags_.empty() && trimmed(text).empty()) return list;
    if (!list.add(text.substr(0, end))) return std::nullopt;
    if (is_last) return list;
    text.remove_prefix(end + 1);
  }
}

// tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
bool TagList::add(std::string_view spec) {
  const std::size_t equal = spec.find('=');
  if (equal == spec.npos || tags_.size() == kMostTags) return false;
  Tag tag;
  tag.name = trimmed(spec.substr(0, equal));
  tag.room = spec.substr(equal + 1);
  tag.value = trimmed(tag.room);
  if (!is_name(tag.name) || find(tag.name) != nullptr) return false;
  tags_.push_back(tag);
  return true;
}

const Tag* TagList::find(std::string_view name) const {
  const auto found =
      std::find_if(tags_.begin(), tags_.end(), [name](const Tag& tag) { return tag.name == name; });
  return found != tags_.end() ? &*found : nullptr;
}

std::string_view TagList::value(std::string_view name) const {
  const Tag* tag = find(name);
  return tag != nullptr ? tag->value : std::string_view();
}

std::optional<std::string> from_base64_tag(std::string_view value) {
  std::string plain = without_space(value);
  for (int i = 0; i < 2 && plain.ends_with('='); ++i) plain.pop_back();
  plain.append((4 - plain.size() % 4) % 4, '=');
  return from_base64(plain);
}

std::string without_space(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (const char c : text)
    if (kSpace.find(c) == kSpace.npos) plain += c;
  return plain;
}

std::vector<std::string_view> colon_parts(std::string_view text) {
  std::vector<std::string_view> parts = split(text, ':');
  for (std::string_view& part : parts) part = trimmed(part);
  return parts;
}

}  // namespace fwd::mailauth
