#ifndef FWD_SERVICE_DELIVERY_DIALER_H
#define FWD_SERVICE_DELIVERY_DIALER_H

// Connections to remote hosts: real ones, and what tests put in their place.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "mailauth/route/tls_policy.h"
#include "net/loop.h"

namespace fwd::delivery {

// One connection, in clear text until start_tls().
class RemoteStream {
 public:
  virtual ~RemoteStream() = default;
  virtual Stream& stream() = 0;
  // Shakes hands as a client and checks nothing: stream().tls() shows the
  // chain that came.  `server_name`: for SNI.  `level`: below kVerify key
  // exchanges without forward secrecy will do, as anybody may be at the other
  // end and less than that is clear text or no mail.
  virtual Task<Outcome<void>> start_tls(std::string server_name, mailauth::TlsLevel level) = 0;
};

class Dialer {
 public:
  virtual ~Dialer() = default;
  // kUnavailable, kTimeout; the private text says why.
  virtual Task<Outcome<std::unique_ptr<RemoteStream>>> dial(std::string ip, std::uint16_t port,
                                                            std::chrono::milliseconds limit) = 0;
};

class SocketDialer final : public Dialer {
 public:
  explicit SocketDialer(net::Loop& loop) : loop_(loop) {}
  Task<Outcome<std::unique_ptr<RemoteStream>>> dial(std::string ip, std::uint16_t port,
                                                    std::chrono::milliseconds limit) override;

 private:
  net::Loop& loop_;
};

}  // namespace fwd::delivery

#endif
