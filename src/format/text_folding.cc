// Makes texts comparable without regard to case and spelling of characters.
#include "format/text_folding.h"

#include <glib.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/text.h"
#include "format/outline.h"

namespace fwd::format {
namespace {

// GLib sorts runs of combining marks in quadratic time, so it is never given
// more characters than these at once.  A piece ends before a base character
// when it can, after kLongest in any case.
constexpr std::size_t kLong = 128;
constexpr std::size_t kLongest = 256;

bool is_plain(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The character at `at`, or nothing where the octets are not UTF-8.
std::optional<gunichar> character(std::string_view text, std::size_t at) {
  const gunichar c =
      g_utf8_get_char_validated(text.data() + at, static_cast<gssize>(text.size() - at));
  if (c == static_cast<gunichar>(-1) || c == static_cast<gunichar>(-2)) return std::nullopt;
  return c;
}

std::size_t length(gunichar c) { return static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr)); }

std::string fold_piece(std::string_view piece) {
  const auto size = static_cast<gssize>(piece.size());
  gchar* composed = g_utf8_normalize(piece.data(), size, G_NORMALIZE_ALL_COMPOSE);
  if (composed == nullptr) return std::string(piece);
  gchar* folded = g_utf8_casefold(composed, -1);
  gchar* again = g_utf8_normalize(folded, -1, G_NORMALIZE_ALL_COMPOSE);
  std::string out(again != nullptr ? again : folded);
  g_free(again);
  g_free(folded);
  g_free(composed);
  return out;
}

// Characters that never join their neighbours and fold alone: Latin, Greek,
// Cyrillic and punctuation by a table, Han, kana and Hangul syllables to
// themselves.  Almost all text is made of them, and GLib is slow.
class LoneCharacters {
 public:
  LoneCharacters() {
    for (gunichar c = kFirst; c < kEnd; ++c) table_.push_back(fold_one(c));
    for (gunichar c = kFirstMark; c < kEndMark; ++c) table_.push_back(fold_one(c));
  }

  static bool has(gunichar c) { return in_table(c) || is_same(c); }

  void append(std::string& out, gunichar c, std::string_view octets) const {
    if (is_same(c))
      out += octets;
    else
      out += table_[c < kEnd ? c - kFirst : kEnd - kFirst + (c - kFirstMark)];
  }

 private:
  static constexpr gunichar kFirst = 0xA0, kEnd = 0x530;
  static constexpr gunichar kFirstMark = 0x2010, kEndMark = 0x2060;  // dashes, quotes, dots

  static bool in_table(gunichar c) {
    return (c >= kFirst && c < kEnd && !(c >= 0x300 && c < 0x370) && !(c >= 0x483 && c < 0x48A)) ||
           (c >= kFirstMark && c < kEndMark);
  }
  static bool is_same(gunichar c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA);
  }
  static std::string fold_one(gunichar c) {
    char utf8[6];
    return fold_piece({utf8, static_cast<std::size_t>(g_unichar_to_utf8(c, utf8))});
  }

  std::vector<std::string> table_;
};

const LoneCharacters& lone_characters() {
  static const LoneCharacters characters;
  return characters;
}

// What stands at `at` cannot change what stands before it.
bool stands_alone(std::string_view text, std::size_t at) {
  if (at >= text.size() || is_plain(text[at])) return true;
  const auto c = character(text, at);
  return !c || LoneCharacters::has(*c);
}

// Conjoining Hangul goes with what stands before it though it is no mark.
bool joins_before(gunichar c) {
  return g_unichar_combining_class(c) != 0 || (c >= 0x1100 && c <= 0x11FF);
}

// Where the piece that begins at `begin` ends: at invalid octets, where what
// follows stands alone twice in a row, or when it is long.
std::size_t piece_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  for (std::size_t count = 0; at < text.size() && count < kLongest; ++count) {
    const auto c = character(text, at);
    if (!c || *c == 0 || (count >= kLong && !joins_before(*c))) break;
    const std::size_t next = at + length(*c);
    if (at > begin && stands_alone(text, at) && stands_alone(text, next)) break;
    at = next;
  }
  return at;
}

// Folds the characters at the front that need no piece; gives the octets eaten.
std::size_t append_lone(std::string& out, std::string_view text, std::size_t at) {
  if (is_plain(text[at])) {
    std::size_t end = at + 1;
    while (end < text.size() && is_plain(text[end])) ++end;
    // The last letter may take a mark from what follows.
    if (!stands_alone(text, end) && text[end - 1] != '\0') --end;
    const std::size_t size = out.size();
    out.append(text, at, end - at);
    for (std::size_t i = size; i < out.size(); ++i)
      if (out[i] >= 'A' && out[i] <= 'Z') out[i] = static_cast<char>(out[i] | 0x20);
    return end - at;
  }
  const auto c = character(text, at);
  if (!c) {
    out += text[at];
    return 1;
  }
  const std::size_t size = length(*c);
  if (!LoneCharacters::has(*c) || !stands_alone(text, at + size)) return 0;
  lone_characters().append(out, *c, text.substr(at, size));
  return size;
}

}  // namespace

std::string fold_at_most(std::string_view text, std::size_t most) {
  std::string out;
  out.reserve(std::min(text.size(), most));
  std::size_t at = 0;
  while (at < text.size() && out.size() < most) {
    const std::size_t eaten = append_lone(out, text, at);
    at += eaten;
    if (eaten > 0 || at >= text.size()) continue;
    const std::size_t end = piece_end(text, at);
    out += fold_piece(text.substr(at, end - at));
    at = end;
  }
  return out;
}

std::string fold_for_search(std::string_view text) { return fold_at_most(text, SIZE_MAX); }

}  // namespace fwd::format
