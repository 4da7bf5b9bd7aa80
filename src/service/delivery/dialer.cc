// Connects by TCP.
#include "service/delivery/dialer.h"

#include <utility>

#include "net/connect.h"

namespace fwd::delivery {
namespace {

class RemoteSocket final : public RemoteStream {
 public:
  explicit RemoteSocket(std::unique_ptr<net::SocketStream> socket) : socket_(std::move(socket)) {}
  Stream& stream() override { return *socket_; }
  Task<Outcome<void>> start_tls(std::string server_name, mailauth::TlsLevel level) override {
    net::TlsClientOptions options;
    options.server_name = std::move(server_name);
    options.opportunistic = level < mailauth::TlsLevel::kVerify;
    co_return co_await socket_->start_tls_client(std::move(options));
  }

 private:
  std::unique_ptr<net::SocketStream> socket_;
};

}  // namespace

Task<Outcome<std::unique_ptr<RemoteStream>>> SocketDialer::dial(std::string ip, std::uint16_t port,
                                                                std::chrono::milliseconds limit) {
  auto socket = co_await net::connect_tcp(loop_, std::move(ip), port, limit);
  if (!socket.ok()) co_return socket.failure();
  std::unique_ptr<RemoteStream> remote = std::make_unique<RemoteSocket>(std::move(socket).value());
  co_return std::move(remote);
}

}  // namespace fwd::delivery
