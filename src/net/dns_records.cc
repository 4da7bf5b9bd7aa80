// Record data from the DNS, read.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "net/resolver.h"

namespace fwd::net {
namespace {

constexpr std::size_t kMostRecords = 256;
constexpr std::size_t kLongestName = 253;

bool is_host_octet(char c) { return is_alnum(c) || c == '-' || c == '_'; }

// RFC 1035 §3.1: all of `wire` as a name without compression, "" for the root.
// Names with other octets than hosts have are nothing we could use.
std::optional<std::string> read_name(std::string_view wire) {
  std::string name;
  for (;;) {
    if (wire.empty()) return std::nullopt;
    const auto size = static_cast<unsigned char>(wire.front());
    wire.remove_prefix(1);
    if (size == 0) break;
    if (size > 63 || size > wire.size()) return std::nullopt;
    const std::string_view label = wire.substr(0, size);
    if (!std::all_of(label.begin(), label.end(), is_host_octet)) return std::nullopt;
    if (!name.empty()) name += '.';
    name += to_lower(label);
    wire.remove_prefix(size);
  }
  if (!wire.empty() || name.size() > kLongestName) return std::nullopt;
  return name;
}

// RFC 1035 §3.3.14: character strings, at least one.
std::optional<std::string> read_text(std::string_view wire) {
  if (wire.empty()) return std::nullopt;
  std::string text;
  while (!wire.empty()) {
    const auto size = static_cast<unsigned char>(wire.front());
    wire.remove_prefix(1);
    if (size > wire.size()) return std::nullopt;
    text += wire.substr(0, size);
    wire.remove_prefix(size);
  }
  return text;
}

std::optional<std::string> read_address(std::string_view wire) {
  if (wire.size() != 4 && wire.size() != 16) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = wire.size() == 4 ? AF_INET : AF_INET6;
  if (::inet_ntop(family, wire.data(), text.data(), text.size()) == nullptr) return std::nullopt;
  return std::string(text.data());
}

// RFC 1035 §3.3.9
std::optional<MxRecord> read_mx(std::string_view wire) {
  if (wire.size() < 3) return std::nullopt;
  auto host = read_name(wire.substr(2));
  if (!host) return std::nullopt;
  MxRecord record;
  record.preference = static_cast<std::uint16_t>((static_cast<unsigned char>(wire[0]) << 8) |
                                                 static_cast<unsigned char>(wire[1]));
  record.host = *std::move(host);
  return record;
}

template <typename Read>
auto read_all(const DnsAnswer& answer, Read read) {
  std::vector<typename decltype(read(std::string_view()))::value_type> all;
  for (const std::string& wire : answer.rdata) {
    if (all.size() == kMostRecords) break;
    auto one = read(wire);
    if (one) all.push_back(*std::move(one));
  }
  return all;
}

}  // namespace

std::vector<MxRecord> mx_records(const DnsAnswer& answer) { return read_all(answer, read_mx); }
std::vector<std::string> addresses(const DnsAnswer& answer) {
  return read_all(answer, read_address);
}
std::vector<std::string> texts(const DnsAnswer& answer) { return read_all(answer, read_text); }
std::vector<std::string> names(const DnsAnswer& answer) { return read_all(answer, read_name); }

}  // namespace fwd::net
