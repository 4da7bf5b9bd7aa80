#ifndef FWD_NET_CONNECT_H
#define FWD_NET_CONNECT_H

// Connections to others: kUnavailable when nobody answers or the address is
// wrong, kTimeout after `limit`.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "net/socket_stream.h"

namespace fwd::net {

Task<Outcome<std::unique_ptr<SocketStream>>> connect_unix(Loop& loop, std::string path,
                                                          std::chrono::milliseconds limit);

// `ip`: an IPv4 or IPv6 address, never a name.
Task<Outcome<std::unique_ptr<SocketStream>>> connect_tcp(Loop& loop, std::string ip,
                                                         std::uint16_t port,
                                                         std::chrono::milliseconds limit);

}  // namespace fwd::net

#endif
