// Addresses of this host.
#include "net/own_address.h"

#include <sys/socket.h>

#include "net/fd.h"
#include "net/socket_address.h"

namespace fwd::net {

// The kernel answers to an address of this host from that very address; a list
// of addresses would need a netlink socket, which sandboxes rightly refuse.
bool is_own_address(const std::string& ip) {
  const auto address = ip_socket_address(ip, 25);
  if (!address) return false;
  const Fd probe(::socket(address->storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (probe.get() < 0 || ::connect(probe.get(), address->get(), address->size) != 0) return false;
  return local_address(probe.get()).ip == to_peer_address(address->storage).ip;
}

}  // namespace fwd::net
