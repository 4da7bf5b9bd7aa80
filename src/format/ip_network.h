#ifndef FWD_FORMAT_IP_NETWORK_H
#define FWD_FORMAT_IP_NETWORK_H

// IP addresses and the networks around them, as octets and as the one text
// each has.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fwd::format {

struct IpNetwork {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> octets{};  // the first 4 or 16; zero behind the prefix
  unsigned prefix = 0;                    // bits, at most bits()

  unsigned bits() const { return is_v6 ? 128 : 32; }
  bool is_address() const { return prefix == bits(); }
  // The network of `length` bits that this one lies in; itself when that is longer.
  IpNetwork around(unsigned length) const;
  bool contains(const IpNetwork& other) const;
  // "192.0.2.1", "2001:db8::1"; with "/24" unless it is an address.
  std::string text() const;
  bool operator==(const IpNetwork&) const = default;
};

// "192.0.2.1", "2001:db8::1", "192.0.2.0/24"; bits behind the prefix are cleared.
// IPv4 inside IPv6 (::ffff:192.0.2.1) is IPv4.  Nothing for what is neither.
std::optional<IpNetwork> parse_ip_network(std::string_view text);
// The same for an address alone.
std::optional<IpNetwork> parse_ip(std::string_view text);

// Of this host or the networks beside it: loopback, private use and link-local.
// Narrower than net::is_private_address(), which asks whom we may call.  No list
// in the DNS knows them; whom we trust is smtp.trusted-networks.
bool is_own_network(const IpNetwork& address);

}  // namespace fwd::format

#endif
