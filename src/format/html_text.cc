// Strips HTML down to its text.
#include "format/html_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "core/text.h"

namespace fwd::format {
namespace {

void append_utf8(std::string& out, std::uint32_t c) {
  const auto octet = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    octet(c);
  } else if (c < 0x800) {
    octet(0xC0 | c >> 6);
    octet(0x80 | (c & 63));
  } else if (c < 0x10000) {
    octet(0xE0 | c >> 12);
    octet(0x80 | (c >> 6 & 63));
    octet(0x80 | (c & 63));
  } else {
    octet(0xF0 | c >> 18);
    octet(0x80 | (c >> 12 & 63));
    octet(0x80 | (c >> 6 & 63));
    octet(0x80 | (c & 63));
  }
}

constexpr std::pair<std::string_view, std::uint32_t> kReferences[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"nbsp", ' '},      {"auml", 0xE4},    {"ouml", 0xF6},    {"uuml", 0xFC},    {"Auml", 0xC4},
    {"Ouml", 0xD6},     {"Uuml", 0xDC},    {"szlig", 0xDF},   {"eacute", 0xE9},  {"egrave", 0xE8},
    {"ecirc", 0xEA},    {"agrave", 0xE0},  {"aacute", 0xE1},  {"acirc", 0xE2},   {"ccedil", 0xE7},
    {"iacute", 0xED},   {"oacute", 0xF3},  {"uacute", 0xFA},  {"ntilde", 0xF1},  {"aring", 0xE5},
    {"aelig", 0xE6},    {"oslash", 0xF8},  {"copy", 0xA9},    {"reg", 0xAE},     {"euro", 0x20AC},
    {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013}, {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ldquo", 0x201C},  {"rdquo", 0x201D}, {"bull", 0x2022},  {"middot", 0xB7},  {"trade", 0x2122},
    {"laquo", 0xAB},    {"raquo", 0xBB},   {"zwnj", 0x200C},  {"shy", 0xAD},
};

// Elements whose whole content no reader sees.
constexpr std::array<std::string_view, 4> kHidden = {"script", "style", "title", "head"};
constexpr std::array<std::string_view, 12> kInline = {
    "a", "b", "i", "u", "em", "span", "font", "code", "small", "abbr", "sup", "strong"};

class HtmlStripper {
 public:
  explicit HtmlStripper(std::string_view html) : rest_(html) {}

  std::string strip() {
    out_.reserve(rest_.size() / 2);
    while (!rest_.empty()) {
      const std::size_t plain = std::min(rest_.find_first_of("<&"), rest_.size());
      out_ += rest_.substr(0, plain);
      rest_.remove_prefix(plain);
      if (rest_.starts_with('<'))
        markup();
      else if (rest_.starts_with('&'))
        reference();
    }
    return std::move(out_);
  }

 private:
  void skip_past(std::string_view end) {
    const std::size_t at = rest_.find(end);
    rest_.remove_prefix(at == rest_.npos ? rest_.size() : at + end.size());
  }

  void markup() {
    if (rest_.starts_with("<!--")) return skip_past("-->");
    std::size_t at = rest_.starts_with("</") ? 2 : 1;
    const bool closing = at == 2;
    const std::size_t begin = at;
    while (at < rest_.size() && at - begin < 16 && is_alnum(rest_[at])) ++at;
    const std::string name = to_lower(rest_.substr(begin, at - begin));
    const bool declaration = rest_.starts_with("<!") || rest_.starts_with("<?");
    if (name.empty() && !declaration) {  // "a < b"
      out_ += '<';
      rest_.remove_prefix(1);
      return;
    }
    skip_tag();
    const bool block = std::find(kInline.begin(), kInline.end(), name) == kInline.end();
    if (block && !out_.empty() && out_.back() != '\n') out_ += '\n';
    if (!closing && std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end())
      skip_element(name);
  }

  // To the ">" that ends the tag, over quoted attribute values.
  void skip_tag() {
    char quote = 0;
    std::size_t at = 1;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (quote == 0 && c == '>') break;
      if (c == quote)
        quote = 0;
      else if (quote == 0 && (c == '"' || c == '\'') && rest_[at - 1] == '=')
        quote = c;
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
  }

  void skip_element(std::string_view name) {
    for (;;) {
      const std::size_t at = rest_.find("</");
      if (at == rest_.npos) {
        rest_ = {};
        return;
      }
      rest_.remove_prefix(at);
      if (starts_with_word(rest_.substr(2), name)) return;
      rest_.remove_prefix(2);
    }
  }

  void reference() {
    const std::string_view near = rest_.substr(1, 12);
    const std::size_t size = near.find(';');
    if (size == near.npos || size == 0 || !decode(near.substr(0, size))) {
      out_ += '&';
      rest_.remove_prefix(1);
      return;
    }
    rest_.remove_prefix(size + 2);
  }

  bool decode(std::string_view name) {
    if (name.front() == '#') {
      name.remove_prefix(1);
      const bool hex = !name.empty() && to_lower(name.front()) == 'x';
      if (hex) name.remove_prefix(1);
      std::uint32_t value = 0;
      const char* end = name.data() + name.size();
      const auto [rest, error] = std::from_chars(name.data(), end, value, hex ? 16 : 10);
      if (error != std::errc() || rest != end) return false;
      append_utf8(out_, value == 0xA0 ? ' ' : value);
      return true;
    }
    for (const auto& [word, value] : kReferences) {
      if (word != name) continue;
      append_utf8(out_, value);
      return true;
    }
    return false;
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string html_to_text(std::string_view html) { return HtmlStripper(html).strip(); }

}  // namespace fwd::format
