// Makes texts comparable without regard to case and spelling of characters.
#include <glib.h>

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
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

// The character at `at`, or nothing where the octets are not UTF-8.
std::optional<gunichar> character(std::string_view text, std::size_t at) {
  const gunichar c =
      g_utf8_get_char_validated(text.data() + at, static_cast<gssize>(text.size() - at));
  if (c == static_cast<gunichar>(-1) || c == static_cast<gunichar>(-2)) return std::nullopt;
  return c;
}

std::size_t length(gunichar c) { return static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr)); }

// Conjoining Hangul goes with what stands before it though it is no mark.
bool joins_before(gunichar c) {
  return g_unichar_combining_class(c) != 0 || (c >= 0x1100 && c <= 0x11FF);
}

// Where the piece that begins at `begin` ends: at invalid octets, at controls,
// at ASCII that nothing can join, or when it is long.
std::size_t piece_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  for (std::size_t count = 0; at < text.size() && count < kLongest; ++count) {
    if (is_plain(text[at])) {
      const bool alone = at + 1 == text.size() || is_plain(text[at + 1]);
      if (is_control(text[at]) || (alone && at > begin)) break;
      ++at;
      continue;
    }
    const auto c = character(text, at);
    if (!c || (count >= kLong && !joins_before(*c))) break;
    at += length(*c);
  }
  return at;
}

void append_folded(std::string& out, std::string_view piece) {
  const auto size = static_cast<gssize>(piece.size());
  gchar* composed = g_utf8_normalize(piece.data(), size, G_NORMALIZE_ALL_COMPOSE);
  if (composed == nullptr) {
    out += piece;
    return;
  }
  gchar* folded = g_utf8_casefold(composed, -1);
  gchar* again = g_utf8_normalize(folded, -1, G_NORMALIZE_ALL_COMPOSE);
  out += again != nullptr ? again : folded;
  g_free(again);
  g_free(folded);
  g_free(composed);
}

}  // namespace

std::string fold_for_search(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_plain(text[at])) {
      // The last letter before other text may take a mark from it.
      const bool joined = at + 1 < text.size() && !is_plain(text[at + 1]) && !is_control(text[at]);
      if (!joined) {
        out += to_lower(text[at++]);
        continue;
      }
    }
    std::size_t end = piece_end(text, at);
    if (end > at) {
      append_folded(out, text.substr(at, end - at));
    } else {
      out += text[at];  // not UTF-8
      end = at + 1;
    }
    at = end;
  }
  return out;
}

}  // namespace fwd::format
