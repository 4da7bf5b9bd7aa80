// Cuts URLs.
#include "format/web_address.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::format {
namespace {

// pct-encoded = "%" HEXDIG HEXDIG (RFC 3986 §2.1)
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = text[i] == '%' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    out += octet && octet->size() == 1 ? octet->front() : text[i];
    if (octet && octet->size() == 1) i += 2;
  }
  return out;
}

std::string_view host_of(std::string_view place) {
  if (place.starts_with('[')) {
    const auto end = place.find(']');
    return end == place.npos ? std::string_view() : place.substr(0, end + 1);
  }
  return place.substr(0, place.find(':'));
}

}  // namespace

// URI = scheme ":" "//" [ userinfo "@" ] host [ ":" port ] path [ "?" query ] [ "#" fragment ]
std::optional<WebAddress> parse_web_address(std::string_view url) {
  const auto is_control = [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; };
  if (std::any_of(url.begin(), url.end(), is_control)) return std::nullopt;
  const std::size_t scheme = starts_with_word(url, "https://")  ? 8
                             : starts_with_word(url, "http://") ? 7
                                                                : 0;
  if (scheme == 0) return std::nullopt;
  url = url.substr(0, url.find('#'));
  const std::string_view rest = url.substr(scheme);
  const std::size_t end = std::min(rest.find_first_of("/?\\"), rest.size());
  std::string_view place = rest.substr(0, end);
  WebAddress out;
  if (const auto at = place.rfind('@'); at != place.npos) {
    const std::string_view login = place.substr(0, at);
    const auto colon = login.find(':');
    out.user = percent_decoded(login.substr(0, colon));
    if (colon != login.npos) out.password = percent_decoded(login.substr(colon + 1));
    place.remove_prefix(at + 1);
  }
  out.host = host_of(place);
  if (out.host.empty()) return std::nullopt;
  out.plain = std::string(url.substr(0, scheme)) + std::string(place);
  out.plain += rest.substr(end);
  if (const auto mark = rest.find('?'); mark != rest.npos)
    for (const std::string_view one : split(rest.substr(mark + 1), '&')) {
      const auto equals = one.find('=');
      out.query.emplace_back(one.substr(0, equals),
                             equals == one.npos ? std::string_view() : one.substr(equals + 1));
    }
  return out;
}

std::string webhook_label(std::string_view url) {
  const auto address = parse_web_address(url);
  return address ? "webhook at " + address->host : "webhook";
}

}  // namespace fwd::format
