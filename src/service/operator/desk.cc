// Words, tables and sizes of the operator's commands.
#include "service/operator/desk.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace fwd::service {
namespace {

// Columns of a terminal that UTF-8 text takes, near enough: one a character.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

// How many octets of UTF-8 at the front a terminal would obey rather than show.
std::size_t obeyed(std::string_view text) {
  const auto octet = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  if (octet(0) < ' ' || octet(0) == 0x7F) return 1;
  if (octet(0) == 0xC2 && octet(1) >= 0x80 && octet(1) < 0xA0) return 2;  // U+0080 to U+009F
  if (octet(0) == 0xD8 && octet(1) == 0x9C) return 2;                     // U+061C
  if (octet(0) != 0xE2) return 0;
  // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069
  const bool turns = (octet(1) == 0x80 && (octet(2) == 0x8E || octet(2) == 0x8F ||
                                           (octet(2) >= 0xA8 && octet(2) <= 0xAE))) ||
                     (octet(1) == 0x81 && octet(2) >= 0xA6 && octet(2) <= 0xA9);
  return turns ? 3 : 0;
}

}  // namespace

std::string Call::option(std::string_view name) const {
  const auto found = options.find(std::string(name));
  return found == options.end() ? std::string() : found->second;
}

std::string printable(std::string_view text) {
  const bool known = is_utf8(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t bad = text[0] == '\n' ? 0 : obeyed(text);
    const bool strange = !known && static_cast<unsigned char>(text[0]) >= 0x80;
    out += bad > 0 || strange ? '?' : text[0];
    text.remove_prefix(std::max<std::size_t>(1, bad));
  }
  return out;
}

std::string json_text(const format::Json& value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const std::string json = format::write_json(value, true) + '\n';
  std::string out;
  for (std::string_view rest = json; !rest.empty();) {
    const std::size_t bad = rest[0] == '\n' ? 0 : obeyed(rest);
    if (bad == 0) {
      out += rest[0];
    } else {
      unsigned character = static_cast<unsigned char>(rest[0]);
      if (bad == 2) character &= 31U;
      if (bad == 3) character &= 15U;
      for (std::size_t i = 1; i < bad; ++i)
        character = character << 6 | (static_cast<unsigned char>(rest[i]) & 63U);
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[character >> shift & 15U];
    }
    rest.remove_prefix(std::max<std::size_t>(1, bad));
  }
  return out;
}

std::string text_table(const std::vector<std::vector<std::string>>& shown) {
  std::vector<std::vector<std::string>> rows = shown;
  for (auto& row : rows)
    for (std::string& text : row) {
      text = printable(text);
      std::replace(text.begin(), text.end(), '\n', '?');
    }
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width(row[i]) + 2, ' ');
    }
    out += line + '\n';
  }
  return out;
}

std::string show_octets(std::uint64_t octets) {
  static constexpr std::array kUnits = {"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  std::uint64_t rest = 0;  // of the next smaller unit
  while (octets >= 1024 && unit + 1 < kUnits.size()) {
    rest = octets % 1024;
    octets /= 1024;
    ++unit;
  }
  std::string out = std::to_string(octets);
  if (unit > 0 && octets < 100) out += '.' + std::to_string(rest * 10 / 1024);
  return out + ' ' + kUnits[unit];
}

}  // namespace fwd::service
