#ifndef FWD_NET_SERVER_CHECK_H
#define FWD_NET_SERVER_CHECK_H

// Whether nobody is there at all where DNS servers should be.  libunbound sees
// such errors of its sockets, too, but waits as if packets were lost.

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "net/fd.h"
#include "net/socket_address.h"

namespace fwd::net {

class ServerCheck {
 public:
  // "192.0.2.53", "192.0.2.53@5353", "system" for those of `resolv_conf`.  When one
  // cannot be read nothing is ever said of any.
  explicit ServerCheck(const std::vector<std::string>& servers,
                       const std::string& resolv_conf = "/etc/resolv.conf");

  bool has_servers() const { return !servers_.empty(); }
  // Why none can be reached: each host said so, or the way there.  A host that is
  // silent may be there.  Asks again at most once a second, and waits for nothing.
  std::optional<std::string> why_unreachable(Instant now);

 private:
  struct Server {
    SocketAddress address;
    Fd socket;
    int error = 0;
  };
  static void send_to(Server& server);

  std::vector<Server> servers_;
  std::optional<Instant> asked_;
};

}  // namespace fwd::net

#endif
