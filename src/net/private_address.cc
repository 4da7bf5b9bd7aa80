// Addresses that are nobody on the internet.
#include "net/private_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace fwd::net {
namespace {

struct Range4 {
  std::uint32_t address;
  int bits;
};
// RFC 6890 §2.2.2, RFC 5771 (multicast)
constexpr Range4 kRanges4[] = {
    {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
    {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0586300, 24}, {0xc0a80000, 16},
    {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 4},  {0xf0000000, 4},
};

using Octets6 = std::array<unsigned char, 16>;
struct Range6 {
  Octets6 address;
  int bits;
};
// RFC 6890 §2.2.3; of 2000::/3 what is not to be routed; all else is not global.
constexpr Range6 kRanges6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // protocol assignments, Teredo (RFC 4380) with them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff, 0x00, 0x00}, 20},  // documentation (RFC 9637)
};
constexpr Range6 kGlobal{{0x20}, 3};

bool is_within(const Octets6& address, const Range6& range) {
  for (int bit = 0; bit < range.bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((address[at] ^ range.address[at]) & mask) != 0) return false;
  }
  return true;
}

bool is_private4(const unsigned char* octets) {
  std::uint32_t address = 0;
  for (int i = 0; i < 4; ++i) address = address << 8 | octets[i];
  return std::any_of(std::begin(kRanges4), std::end(kRanges4), [address](const Range4& range) {
    return (address ^ range.address) >> (32 - range.bits) == 0;
  });
}

bool is_private6(const Octets6& address) {
  static constexpr Range6 kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
  static constexpr Range6 kNat64{{0, 0x64, 0xff, 0x9b}, 96};  // RFC 6052 §2.1
  static constexpr Range6 k6To4{{0x20, 0x02}, 16};            // RFC 3056 §2
  if (is_within(address, kMapped) || is_within(address, kNat64))
    return is_private4(address.data() + 12);
  if (is_within(address, k6To4)) return is_private4(address.data() + 2);
  if (!is_within(address, kGlobal)) return true;
  return std::any_of(std::begin(kRanges6), std::end(kRanges6),
                     [&address](const Range6& range) { return is_within(address, range); });
}

}  // namespace

bool is_private_address(const std::string& ip) {
  std::array<unsigned char, 4> four{};
  if (::inet_pton(AF_INET, ip.c_str(), four.data()) == 1) return is_private4(four.data());
  Octets6 six{};
  if (::inet_pton(AF_INET6, ip.c_str(), six.data()) == 1) return is_private6(six);
  return true;
}

}  // namespace fwd::net
