// The predicates that fields of records are checked with.
#include "model/record_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "format/domain_name.h"

namespace fwd::model {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// RFC 5321 §4.1.2 Dot-string with RFC 6531 §3.3, or a quoted string's inside.
bool is_local_part(std::string_view text) {
  if (text.empty() || text.size() > 64 || !is_visible(text)) return false;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2).find('"') == std::string_view::npos;
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~";
  char before = '.';
  for (const char c : text) {
    if (c == '.' && before == '.') return false;
    const bool atom = is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 || c == '.' ||
                      kMarks.find(c) != std::string_view::npos;
    if (!atom) return false;
    before = c;
  }
  return before != '.';
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
    return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
}

// The host of an http(s) URL, without brackets and port.
std::string_view url_host(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!starts_with_word(url, scheme)) continue;
    std::string_view rest = url.substr(scheme.size());
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.find('@') != std::string_view::npos) return {};
    if (!rest.empty() && rest.front() == '[') return rest.substr(1, rest.find(']') - 1);
    return rest.substr(0, rest.find(':'));
  }
  return {};
}

bool is_private_v4(std::uint32_t ip) {
  const auto within = [ip](std::uint32_t net, int bits) { return (ip ^ net) >> (32 - bits) == 0; };
  return within(0x00000000, 8) || within(0x0a000000, 8) || within(0x7f000000, 8) ||
         within(0x64400000, 10) || within(0xa9fe0000, 16) || within(0xac100000, 12) ||
         within(0xc0a80000, 16) || within(0xe0000000, 3);
}

bool is_private_ip(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return is_private_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) != 1) return false;
  const unsigned char* octets = v6.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6))
    return is_private_v4(std::uint32_t{octets[12]} << 24 | std::uint32_t{octets[13]} << 16 |
                         std::uint32_t{octets[14]} << 8 | octets[15]);
  return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_UNSPECIFIED(&v6) || (octets[0] & 0xfe) == 0xfc ||
         IN6_IS_ADDR_LINKLOCAL(&v6) || IN6_IS_ADDR_MULTICAST(&v6);
}

}  // namespace

bool is_id(std::string_view text) {
  return text.size() == 24 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || text.size() > 254 || !is_utf8(text)) return false;
  const std::string_view host = text.substr(at + 1);
  if (!is_local_part(text.substr(0, at))) return false;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return is_ip(host.substr(1, host.size() - 2));
  return is_fqdn(host);
}

bool is_fqdn(std::string_view text) {
  if (text.empty() || text.size() > 253 || !is_utf8(text)) return false;
  // What IDNA refuses no resolver can ask for.
  if (!is_ascii(text) && !format::domain_to_ascii(text).ok()) return false;
  const auto labels = split(text, '.');
  if (labels.size() < 2 || !std::all_of(labels.begin(), labels.end(), is_label)) return false;
  const std::string_view last = labels.back();
  return !std::all_of(last.begin(), last.end(), is_digit);
}

bool is_ip(std::string_view text) {
  const std::string copy(text);
  unsigned char octets[16];
  return inet_pton(AF_INET, copy.c_str(), octets) == 1 ||
         inet_pton(AF_INET6, copy.c_str(), octets) == 1;
}

bool is_url(std::string_view text) {
  const std::string_view host = url_host(text);
  if (host.empty() || !is_single_line(text) || text.find(' ') != std::string_view::npos)
    return false;
  return is_ip(host) || is_fqdn(host) || is_label(host);
}

bool is_public_url(std::string_view text) {
  if (!is_url(text)) return false;
  const std::string host = to_lower(url_host(text));
  if (host.find('.') == std::string::npos && !is_ip(host)) return false;
  for (const std::string_view inside : {".localhost", ".local", ".internal", ".home.arpa"})
    if (host.size() > inside.size() && host.ends_with(inside)) return false;
  return !is_private_ip(host);
}

bool is_mail_domain(std::string_view text) {
  return is_ip(text) || (is_fqdn(text) && format::domain_to_ascii(text).ok());
}

bool is_host(std::string_view text) { return is_fqdn(text) || is_ip(text); }

bool is_recipient(std::string_view text) { return is_email(text) || is_host(text) || is_url(text); }

bool is_list_entry(std::string_view text) {
  if (text.size() > 2 && text.substr(0, 2) == "*.") {
    const auto labels = split(text.substr(2), '.');
    return std::all_of(labels.begin(), labels.end(), is_label);
  }
  return is_email(text) || is_host(text);
}

bool is_port(std::string_view text) {
  const auto value = parse_number(text);
  return value && *value >= 1 && *value <= 65535;
}

bool is_record_code(std::string_view text) {
  return text.size() == 10 && std::all_of(text.begin(), text.end(), is_alnum);
}

bool is_dns_label(std::string_view text) {
  const auto labels = split(text, '.');
  return is_ascii(text) && text.size() <= 200 &&
         std::all_of(labels.begin(), labels.end(), is_label);
}

bool is_single_line(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

bool is_among(std::string_view text, std::string_view choices) {
  const auto all = split(choices, '|');
  return std::find(all.begin(), all.end(), text) != all.end();
}

void tidy_list(std::vector<std::string>& list) {
  std::set<std::string> seen;
  std::vector<std::string> kept;
  for (const std::string& item : list) {
    std::string tidy = to_lower(trim(item));
    if (!tidy.empty() && seen.insert(tidy).second) kept.push_back(std::move(tidy));
  }
  list = std::move(kept);
}

std::string tidy_address(std::string_view address) { return to_lower(trim(address)); }

}  // namespace fwd::model
