#ifndef FWD_NET_LISTEN_SOCKET_H
#define FWD_NET_LISTEN_SOCKET_H

// Sockets to accept on: handed over by systemd, or opened by --listen.

#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "net/fd.h"

namespace fwd::net {

struct ListenSocket {
  Fd fd;
  std::string role;     // "smtp", "imaps", "door": what is spoken there
  std::string address;  // "127.0.0.1:2525", "[::1]:993", "/run/x.sock": as bound
};

// The sockets of LISTEN_FDS, each with the role that FileDescriptorName= gives
// it (none: kBadInput).  Empty when this process was handed none.  Clears the
// environment, so that the second call gives none.
Outcome<std::vector<ListenSocket>> inherited_sockets();

// Opens "role=127.0.0.1:2525", "role=[::1]:993", "role=/path/sock" or
// "role=/path/sock,mode=0666" (0660 when not said).  Port 0 takes a free one.
// A socket file nobody listens on is replaced.  kBadInput: not of that form;
// kExists: somebody listens there; kDenied; kUnavailable.
Outcome<ListenSocket> open_listen_socket(std::string_view spec);

}  // namespace fwd::net

#endif
