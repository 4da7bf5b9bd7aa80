// The macros of SPF.
#include "mailauth/spf/spf_macro.h"

#include <algorithm>

#include "core/text.h"
#include "mailauth/spf/ip_octets.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestExpansion = 65536;
// More parts than any value has are all of them (§7.3 asks for 128 at least).
constexpr unsigned kMostParts = 100000;

bool is_delimiter(char c) { return std::string_view(".-+,/_=").find(c) != std::string_view::npos; }

// macro-literal = %x21-24 / %x26-7E; explain-string has SP, too.
bool is_literal(char c, SpfMacroPlace place) {
  return (c > ' ' && c <= '~' && c != '%') || (c == ' ' && place == SpfMacroPlace::kExplanation);
}

bool is_letter(char letter, SpfMacroPlace place) {
  const std::string_view letters = place == SpfMacroPlace::kTerm ? "slodiphv" : "slodiphvcrt";
  return letters.find(letter) != std::string_view::npos;
}

// macro-letter transformers *delimiter, between the braces
// transformers = *DIGIT [ "r" ]
std::optional<SpfMacroPart> parse_macro(std::string_view text, SpfMacroPlace place) {
  if (text.empty() || !is_letter(to_lower(text.front()), place)) return std::nullopt;
  SpfMacroPart part;
  part.letter = to_lower(text.front());
  part.is_url = part.letter != text.front();
  text.remove_prefix(1);
  const bool has_number = !text.empty() && is_digit(text.front());
  while (!text.empty() && is_digit(text.front())) {
    part.keep = std::min(kMostParts, part.keep * 10 + static_cast<unsigned>(text.front() - '0'));
    text.remove_prefix(1);
  }
  if (has_number && part.keep == 0) return std::nullopt;
  if (!text.empty() && to_lower(text.front()) == 'r') {
    part.is_reversed = true;
    text.remove_prefix(1);
  }
  if (!std::all_of(text.begin(), text.end(), is_delimiter)) return std::nullopt;
  if (!text.empty()) part.delimiters = text;
  return part;
}

// "%%", "%_", "%-"
std::optional<SpfMacroPart> parse_escape(char c) {
  SpfMacroPart part;
  part.is_escape = true;
  if (c == '%') {
    part.text = "%";
  } else if (c == '_') {
    part.text = " ";
  } else if (c == '-') {
    part.text = "%20";
  } else {
    return std::nullopt;
  }
  return part;
}

// toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
bool is_top_label(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  const auto fits = [](char c) { return is_alnum(c) || c == '-'; };
  return std::all_of(label.begin(), label.end(), fits) &&
         !std::all_of(label.begin(), label.end(), is_digit);
}

std::string value_of(char letter, const SpfMacroValues& values) {
  switch (letter) {
    case 's':
      return values.local + "@" + values.sender_domain;
    case 'l':
      return values.local;
    case 'o':
      return values.sender_domain;
    case 'd':
      return values.domain;
    case 'i':
      return dotted_ip(values.ip);
    case 'p':
      return values.validated;
    case 'v':
      return values.ip.size() == 4 ? "in-addr" : "ip6";
    case 'h':
      return values.helo;
    case 'c':
      return ip_text(values.ip);
    case 'r':
      return values.host;
    default:
      return std::to_string(values.unix_time);
  }
}

// unreserved of RFC 3986 §2.3 stays
std::string url_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (is_alnum(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += '%';
      escaped += to_upper(to_hex(std::string_view(&c, 1)));
    }
  }
  return escaped;
}

std::string expand_one(const SpfMacroPart& part, const SpfMacroValues& values) {
  if (part.letter == '\0') return part.text;
  const std::string value = value_of(part.letter, values);
  std::vector<std::string> pieces(1);
  for (const char c : value) {
    if (part.delimiters.find(c) == std::string::npos) {
      pieces.back() += c;
    } else {
      pieces.emplace_back();
    }
  }
  if (part.is_reversed) std::reverse(pieces.begin(), pieces.end());
  if (part.keep != 0 && part.keep < pieces.size())
    pieces.erase(pieces.begin(), pieces.end() - static_cast<std::ptrdiff_t>(part.keep));
  const std::string joined = join(pieces, ".");
  return part.is_url ? url_escaped(joined) : joined;
}

}  // namespace

// macro-string = *( macro-expand / macro-literal )
// macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
std::optional<SpfMacroString> parse_spf_macros(std::string_view text, SpfMacroPlace place) {
  SpfMacroString macros;
  while (!text.empty()) {
    if (text.front() != '%') {
      const auto end = std::find_if_not(text.begin(), text.end(),
                                        [place](char c) { return is_literal(c, place); });
      const auto size = static_cast<std::size_t>(end - text.begin());
      if (size == 0) return std::nullopt;
      macros.emplace_back().text = text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    if (text.size() < 2) return std::nullopt;
    const bool has_braces = text[1] == '{';
    const std::size_t close = has_braces ? text.find('}') : 1;
    if (close == std::string_view::npos) return std::nullopt;
    auto part = has_braces ? parse_macro(text.substr(2, close - 2), place) : parse_escape(text[1]);
    if (!part) return std::nullopt;
    macros.push_back(*std::move(part));
    text.remove_prefix(close + 1);
  }
  return macros;
}

// domain-spec = macro-string domain-end
// domain-end = ( "." toplabel [ "." ] ) / macro-expand
std::optional<SpfMacroString> parse_spf_domain_spec(std::string_view text) {
  auto macros = parse_spf_macros(text, SpfMacroPlace::kTerm);
  if (!macros || macros->empty()) return std::nullopt;
  const SpfMacroPart& last = macros->back();
  if (last.letter != '\0' || last.is_escape) return macros;
  std::string_view end = last.text;
  if (end.ends_with('.')) end.remove_suffix(1);
  const std::size_t dot = end.rfind('.');
  if (dot == std::string_view::npos || !is_top_label(end.substr(dot + 1))) return std::nullopt;
  return macros;
}

bool uses_spf_macro(const SpfMacroString& macros, char letter) {
  return std::any_of(macros.begin(), macros.end(),
                     [letter](const SpfMacroPart& part) { return part.letter == letter; });
}

std::string expand_spf_macros(const SpfMacroString& macros, const SpfMacroValues& values) {
  std::string text;
  for (const SpfMacroPart& part : macros) {
    text += expand_one(part, values);
    if (text.size() > kLongestExpansion) return {};
  }
  return text;
}

std::optional<std::string> expand_spf_name(const SpfMacroString& macros,
                                           const SpfMacroValues& values) {
  // URL-escaped it would be ASCII, but still no label anybody publishes.
  const bool has_local = uses_spf_macro(macros, 'l') || uses_spf_macro(macros, 's');
  if (has_local && !is_ascii(values.local)) return std::nullopt;
  const std::string text = expand_spf_macros(macros, values);
  std::string_view name = text;
  if (name.ends_with('.')) name.remove_suffix(1);
  while (name.size() > kLongestName) {
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    name.remove_prefix(dot + 1);
  }
  // What the DNS's text form would take for an escape cannot be asked for.
  const auto fits = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
  if (!std::all_of(name.begin(), name.end(), fits)) return std::nullopt;
  const std::vector<std::string_view> labels = split(name, '.');
  if (labels.size() < 2) return std::nullopt;
  for (const std::string_view label : labels)
    if (label.empty() || label.size() > kLongestLabel) return std::nullopt;
  return to_lower(name);
}

}  // namespace fwd::mailauth
