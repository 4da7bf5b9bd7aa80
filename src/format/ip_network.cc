// IP addresses and networks from and to text.
#include "format/ip_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostText = 49;  // "ffff:…:255.255.255.255/128"

void clear_behind(IpNetwork& network) {
  for (unsigned bit = network.prefix; bit < network.bits();) {
    if (bit % 8 == 0) {
      network.octets[bit / 8] = 0;
      bit += 8;
    } else {
      network.octets[bit / 8] &= static_cast<std::uint8_t>(0xff << (8 - bit % 8));
      bit += 8 - bit % 8;
    }
  }
}

bool is_mapped(const IpNetwork& network) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return network.is_v6 && network.prefix >= 96 &&
         std::equal(kMapped.begin(), kMapped.end(), network.octets.begin());
}

void unmap(IpNetwork& network) {
  std::copy(network.octets.begin() + 12, network.octets.end(), network.octets.begin());
  std::fill(network.octets.begin() + 4, network.octets.end(), std::uint8_t{0});
  network.is_v6 = false;
  network.prefix -= 96;
}

}  // namespace

IpNetwork IpNetwork::around(unsigned length) const {
  IpNetwork wider = *this;
  if (length >= prefix) return wider;
  wider.prefix = length;
  clear_behind(wider);
  return wider;
}

bool IpNetwork::contains(const IpNetwork& other) const {
  return is_v6 == other.is_v6 && other.prefix >= prefix && other.around(prefix) == *this;
}

std::string IpNetwork::text() const {
  char out[INET6_ADDRSTRLEN];
  ::inet_ntop(is_v6 ? AF_INET6 : AF_INET, octets.data(), out, sizeof out);
  return is_address() ? std::string(out) : std::string(out) + '/' + std::to_string(prefix);
}

std::optional<IpNetwork> parse_ip_network(std::string_view text) {
  if (text.size() > kMostText) return std::nullopt;
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  if (address.find('\0') != std::string::npos) return std::nullopt;
  IpNetwork network;
  network.is_v6 = address.find(':') != std::string::npos;
  if (::inet_pton(network.is_v6 ? AF_INET6 : AF_INET, address.c_str(), network.octets.data()) != 1)
    return std::nullopt;
  network.prefix = network.bits();
  if (slash != std::string_view::npos) {
    const auto length = parse_number(text.substr(slash + 1));
    if (!length || *length > network.bits()) return std::nullopt;
    network.prefix = static_cast<unsigned>(*length);
  }
  if (is_mapped(network)) unmap(network);
  clear_behind(network);
  return network;
}

std::optional<IpNetwork> parse_ip(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return std::nullopt;
  return parse_ip_network(text);
}

bool is_own_network(const IpNetwork& address) {
  for (const char* own : {"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                          "169.254.0.0/16", "::1", "fc00::/7", "fe80::/10"})
    if (parse_ip_network(own)->contains(address)) return true;
  return false;
}

}  // namespace fwd::format
