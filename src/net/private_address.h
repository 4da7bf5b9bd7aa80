#ifndef FWD_NET_PRIVATE_ADDRESS_H
#define FWD_NET_PRIVATE_ADDRESS_H

// Addresses that are nobody on the internet: where a stranger's name must not
// lead us.

#include <string>

namespace fwd::net {

// True for loopback, private, link-local, shared, multicast, documentation,
// reserved and unspecified addresses (RFC 6890, RFC 4291), for IPv4 inside IPv6
// (mapped, 6to4, NAT64) by the IPv4 address, and for what is no address.
bool is_private_address(const std::string& ip);

}  // namespace fwd::net

#endif
