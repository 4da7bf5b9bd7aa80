// Names of folders as the wire spells them.
#include "protocol/imap/mailbox_name.h"

#include <cstdint>
#include <vector>

#include "core/text.h"

namespace fwd::imap {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool is_plain(char c) { return c >= 0x20 && c < 0x7F; }

// Takes one code point off the front of valid UTF-8.
char32_t take_code_point(std::string_view& text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = size == 1 ? lead : lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size && i < text.size(); ++i)
    point = (point << 6) | (octet(i) & 0x3F);
  text.remove_prefix(std::min(size, text.size()));
  return point;
}

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&](char32_t value) {
    out += static_cast<char>(static_cast<unsigned char>(value));
  };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

std::string shifted(const std::vector<std::uint16_t>& units) {
  std::string out = "&";
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const std::uint16_t unit : units) {
    bits = (bits << 16) | unit;
    held += 16;
    while (held >= 6) {
      held -= 6;
      out += kAlphabet[(bits >> held) & 0x3F];
    }
    bits &= (1U << held) - 1;
  }
  if (held > 0) out += kAlphabet[(bits << (6 - held)) & 0x3F];
  return out + '-';
}

// The UTF-16 units of one shifted run; nothing when it is not base64 of whole units.
std::optional<std::vector<std::uint16_t>> unshifted(std::string_view run) {
  std::vector<std::uint16_t> units;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : run) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 16) {
      held -= 16;
      units.push_back(static_cast<std::uint16_t>(bits >> held));
      bits &= (1U << held) - 1;
    }
  }
  if (held >= 6 || bits != 0) return std::nullopt;
  return units;
}

bool append_units(std::string& out, const std::vector<std::uint16_t>& units) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char32_t unit = units[i];
    if (unit >= 0xD800 && unit < 0xDC00) {
      if (i + 1 == units.size() || units[i + 1] < 0xDC00 || units[i + 1] > 0xDFFF) return false;
      append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (units[++i] - 0xDC00U));
    } else if ((unit >= 0xDC00 && unit < 0xE000) || (unit >= 0x20 && unit < 0x7F) || unit == 0) {
      return false;
    } else {
      append_utf8(out, unit);
    }
  }
  return true;
}

}  // namespace

std::string to_modified_utf7(std::string_view utf8) {
  std::string out;
  std::vector<std::uint16_t> units;
  const auto end_run = [&] {
    if (!units.empty()) out += shifted(units);
    units.clear();
  };
  while (!utf8.empty()) {
    if (is_plain(utf8.front())) {
      end_run();
      out += utf8.front();
      if (utf8.front() == '&') out += '-';
      utf8.remove_prefix(1);
      continue;
    }
    const char32_t point = take_code_point(utf8);
    if (point >= 0x10000) {
      units.push_back(static_cast<std::uint16_t>(0xD800 + ((point - 0x10000) >> 10)));
      units.push_back(static_cast<std::uint16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    } else {
      units.push_back(static_cast<std::uint16_t>(point));
    }
  }
  end_run();
  return out;
}

std::optional<std::string> from_modified_utf7(std::string_view name) {
  std::string out;
  bool after_run = false;
  while (!name.empty()) {
    const char c = name.front();
    name.remove_prefix(1);
    if (!is_plain(c)) return std::nullopt;
    if (c != '&') {
      out += c;
      after_run = false;
      continue;
    }
    const std::size_t dash = name.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view run = name.substr(0, dash);
    name.remove_prefix(dash + 1);
    if (run.empty()) {
      out += '&';
      after_run = false;
      continue;
    }
    const auto units = unshifted(run);
    // Two runs side by side would be a second spelling of one name.
    if (!units || units->empty() || after_run || !append_units(out, *units)) return std::nullopt;
    after_run = true;
  }
  return out;
}

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
