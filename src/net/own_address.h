#ifndef FWD_NET_OWN_ADDRESS_H
#define FWD_NET_OWN_ADDRESS_H

// Addresses of this host.

#include <string>

namespace fwd::net {

// Whether what is sent to `ip` stays on this host.  Asks the kernel, as addresses
// come and go; sends nothing.  False for what is no address, and where there is
// no way to it; an address that a router in front of us has for us is not known.
bool is_own_address(const std::string& ip);

}  // namespace fwd::net

#endif
