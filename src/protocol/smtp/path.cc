// The grammar of paths.
#include "protocol/smtp/path.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kLocalLimit = 64;    // RFC 5321 §4.5.3.1.1
constexpr std::size_t kDomainLimit = 255;  // RFC 5321 §4.5.3.1.2
constexpr std::size_t kLabelLimit = 63;    // RFC 1035 §2.3.4, for ASCII labels

bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// atext (RFC 5322 §3.2.3), and UTF-8 (RFC 6531 §3.3)
bool is_atext(char c) {
  return is_alnum(c) || is_high(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Dot-string = Atom *("." Atom)
std::size_t eat_dot_string(std::string_view text) {
  std::size_t n = 0;
  for (;;) {
    const std::size_t begin = n;
    while (n < text.size() && is_atext(text[n])) ++n;
    if (n == begin) return 0;
    if (n == text.size() || text[n] != '.') return n;
    ++n;
  }
}

// Quoted-string = DQUOTE *QcontentSMTP DQUOTE; qtextSMTP is any printable but
// DQUOTE and "\", quoted-pairSMTP is "\" and any printable.
std::size_t eat_quoted_string(std::string_view text) {
  for (std::size_t n = 1; n < text.size(); ++n) {
    if (text[n] == '"') return n + 1;
    if (text[n] == '\\' && (++n == text.size() || is_high(text[n]))) return 0;
    if (!is_high(text[n]) && (text[n] < ' ' || text[n] > '~')) return 0;
  }
  return 0;
}

// sub-domain = Let-dig [Ldh-str] / U-label
bool is_label(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  if (is_ascii(label) && label.size() > kLabelLimit) return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alnum(c) || c == '-' || c == '_' || is_high(c); });
}

// Domain = sub-domain *("." sub-domain)
bool is_domain(std::string_view text) {
  if (text.empty() || text.size() > kDomainLimit) return false;
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

// address-literal = "[" ( IPv4 / "IPv6:" … / Standardized-tag ":" 1*dcontent ) "]".
// Kept as text, never resolved: only its shape matters here.
bool is_literal(std::string_view text) {
  if (text.size() < 3 || text.size() > kDomainLimit) return false;
  if (text.front() != '[' || text.back() != ']') return false;
  const auto inside = text.substr(1, text.size() - 2);
  return std::all_of(inside.begin(), inside.end(),
                     [](char c) { return is_alnum(c) || c == '.' || c == ':' || c == '-'; });
}

// A-d-l = At-domain *( "," At-domain ), then ":"
Outcome<std::string_view> skip_route(std::string_view text) {
  if (text.empty() || text.front() != '@') return text;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return Failure{Fault::kBadInput, "Source route without an end", ""};
  for (const auto hop : split(text.substr(0, colon), ','))
    if (hop.size() < 2 || hop.front() != '@' || !is_domain(hop.substr(1)))
      return Failure{Fault::kBadInput, "Bad source route", ""};
  return text.substr(colon + 1);
}

// Mailbox = Local-part "@" ( Domain / address-literal )
Outcome<Path> parse_mailbox(std::string_view text) {
  const bool quoted = !text.empty() && text.front() == '"';
  const std::size_t end = quoted ? eat_quoted_string(text) : eat_dot_string(text);
  if (end == 0 || end > kLocalLimit) return Failure{Fault::kBadInput, "Bad local part", ""};
  Path path{std::string(text.substr(0, end)), "", is_ascii(text)};
  if (end == text.size() && same_word(path.local, "postmaster")) return path;
  if (end == text.size() || text[end] != '@')
    return Failure{Fault::kBadInput, "An address is local@domain", ""};
  const auto domain = text.substr(end + 1);
  if (!is_domain(domain) && !is_literal(domain)) return Failure{Fault::kBadInput, "Bad domain", ""};
  path.domain = domain;
  return path;
}

// Where the path that begins with "<" ends: its ">" outside any quotes.
std::size_t find_close(std::string_view text) {
  bool quoted = false;
  for (std::size_t n = 1; n < text.size(); ++n) {
    if (quoted && text[n] == '\\')
      ++n;
    else if (text[n] == '"')
      quoted = !quoted;
    else if (text[n] == '>' && !quoted)
      return n;
  }
  return std::string_view::npos;
}

}  // namespace

std::string Path::address() const { return domain.empty() ? local : local + "@" + domain; }

// Path = "<" [ A-d-l ":" ] Mailbox ">"
Outcome<Path> take_path(std::string_view& text) {
  const std::size_t close =
      text.empty() || text.front() != '<' ? std::string_view::npos : find_close(text);
  if (close == std::string_view::npos)
    return Failure{Fault::kBadInput, "An address stands in <>", ""};
  const auto inside = text.substr(1, close - 1);
  if (!is_utf8(inside)) return Failure{Fault::kBadInput, "Not UTF-8", ""};
  if (inside.empty()) {
    text.remove_prefix(close + 1);
    return Path{};
  }
  const auto routed = skip_route(inside);
  if (!routed.ok()) return routed.failure();
  auto path = parse_mailbox(routed.value());
  if (path.ok()) text.remove_prefix(close + 1);
  return path;
}

bool is_helo_name(std::string_view text) {
  if (!is_ascii(text)) return false;
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return is_domain(text) || is_literal(text);
}

}  // namespace fwd::smtp
