#ifndef FWD_NET_LISTENER_H
#define FWD_NET_LISTENER_H

// Accepts connections, within limits, from any number of listening sockets.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/listen_socket.h"
#include "net/loop.h"
#include "net/socket_stream.h"

namespace fwd::net {

struct ListenerLimits {
  std::size_t connections = 1000;  // open at once, on all sockets together
  // From one IPv4 address or one IPv6 /64; 0: not counted.  Unix sockets are not.
  std::size_t per_address = 0;
  // Of each connection, see StreamOptions.
  std::chrono::milliseconds handshake_limit = StreamOptions().handshake_limit;
  std::chrono::milliseconds write_limit = StreamOptions().write_limit;
  // Of each TCP socket after our last word; meanwhile it counts as open.
  LingerLimits linger{};
};

enum class Refusal { kTooMany, kTooManyFromAddress };

// Called on the loop's thread.
struct ListenerHooks {
  // A connection and the role of the socket it came to.
  std::function<void(std::unique_ptr<SocketStream>, const std::string& role)> accepted;
  // What to say, in clear text and in one packet, to one connection too many
  // before it is closed; "" says nothing (ports that begin with TLS).
  std::function<std::string(const std::string& role, const PeerAddress& peer, Refusal why)> refused;
  // Accepting is paused for a moment: no descriptors or memory left.
  std::function<void(const std::string& why)> paused;
};

class Listener {
 public:
  // `tls` may be null; each connection begins with its credentials of the day.
  // Both must outlive the listener.
  Listener(Loop& loop, std::vector<ListenSocket> sockets, ListenerLimits limits,
           const TlsKeeper* tls, ListenerHooks hooks);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void set_limits(ListenerLimits limits);
  // Accepts no more; open connections live on.
  void stop();
  // Connections open now, with those that linger.
  std::size_t connections() const;
  // Sockets whose streams were closed and whose peers may still read; the
  // listener closes them when it goes.
  std::size_t lingering() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::net

#endif
