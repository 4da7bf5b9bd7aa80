#ifndef FWD_NET_SOCKET_ADDRESS_H
#define FWD_NET_SOCKET_ADDRESS_H

// Socket addresses and their text forms.

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/stream.h"

namespace fwd::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// "192.0.2.1" or "2001:db8::1"; nothing when it is neither.
std::optional<SocketAddress> ip_socket_address(const std::string& ip, std::uint16_t port);
// Nothing when the path is empty or does not fit (107 octets).
std::optional<SocketAddress> unix_socket_address(const std::string& path);

// An IPv4 address inside IPv6 is shown as IPv4.
PeerAddress to_peer_address(const sockaddr_storage& address);
PeerAddress peer_address(int fd);
PeerAddress local_address(int fd);

// "192.0.2.1:25", "[2001:db8::1]:25"
std::string address_text(const PeerAddress& address);

// What connections are counted by: the IPv4 address, or the /64 of an IPv6 one.
std::string counting_key(const PeerAddress& address);

}  // namespace fwd::net

#endif
