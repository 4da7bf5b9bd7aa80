// Connections to others.
#include "net/connect.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/socket_address.h"

namespace fwd::net {
namespace {

constexpr std::chrono::milliseconds kQueueFullPause(20);

Failure unreachable(const std::string& where, const std::string& why) {
  return Failure{Fault::kUnavailable, "", where + ": " + why};
}

}  // namespace

// Waits until the kernel knows how connect() went.
Task<Outcome<void>> finish_connecting(SocketStream& stream) {
  for (;;) {
    int error = 0;
    socklen_t size = sizeof error;
    const int fd = stream.socket_.get();
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) co_return Failure{Fault::kUnavailable, "", std::strerror(error)};
    stream.note_addresses();
    if (!stream.peer_.ip.empty()) co_return Outcome<void>{};
    co_await stream.writable_.wait();
  }
}

Task<Outcome<std::unique_ptr<SocketStream>>> connect_unix(Loop& loop, std::string path,
                                                          std::chrono::milliseconds limit) {
  const auto address = unix_socket_address(path);
  if (!address) co_return unreachable(path, "not a path for a socket");
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.is_open()) co_return unreachable(path, std::strerror(errno));
  const Instant deadline = loop.clock().now() + limit;
  while (::connect(fd.get(), address->get(), address->size) != 0) {
    // A Unix socket connects at once, but for a full queue, which no event tells of.
    if (errno != EAGAIN) co_return unreachable(path, std::strerror(errno));
    if (loop.clock().now() >= deadline)
      co_return Failure{Fault::kTimeout, "", path + ": no answer"};
    co_await loop.clock().sleep(kQueueFullPause);
  }
  co_return std::make_unique<SocketStream>(loop, std::move(fd));
}

Task<Outcome<std::unique_ptr<SocketStream>>> connect_tcp(Loop& loop, std::string ip,
                                                         std::uint16_t port,
                                                         std::chrono::milliseconds limit) {
  const std::string where = address_text(PeerAddress{ip, port});
  const auto address = ip_socket_address(ip, port);
  if (!address) co_return unreachable(where, "not an address");
  const int family = address->storage.ss_family;
  Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.is_open()) co_return unreachable(where, std::strerror(errno));
  const int one = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(fd.get(), address->get(), address->size) != 0 && errno != EINPROGRESS)
    co_return unreachable(where, std::strerror(errno));
  auto stream = std::make_unique<SocketStream>(loop, std::move(fd));
  auto connecting = finish_connecting(*stream);
  const auto done =
      co_await before(loop.clock(), loop.clock().now() + limit, std::move(connecting));
  if (!done) co_return Failure{Fault::kTimeout, "", where + ": no answer"};
  if (!done->ok()) co_return unreachable(where, done->failure().private_text);
  co_return stream;
}

}  // namespace fwd::net
