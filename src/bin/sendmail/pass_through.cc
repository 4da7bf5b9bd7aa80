// Carries an SMTP conversation of somebody else.
#include "bin/sendmail/pass_through.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "bin/sendmail/reply_watch.h"
#include "net/fd.h"

namespace fwd::sendmail {
namespace {

net::Fd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return net::Fd();
  std::memcpy(address.sun_path, path.data(), path.size());
  net::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  if (fd.get() < 0 || ::connect(fd.get(), where, sizeof address) != 0) return net::Fd();
  return fd;
}

bool write_all(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

enum class Carried { kSome, kEnd, kBroken };

Carried carry(int from, int to, ReplyWatch* watch) {
  std::array<char, 16384> piece{};
  const ssize_t size = ::read(from, piece.data(), piece.size());
  if (size < 0 && errno == EINTR) return Carried::kSome;
  if (size < 0) return Carried::kBroken;
  if (size == 0) return Carried::kEnd;
  if (watch != nullptr) watch->add({piece.data(), static_cast<std::size_t>(size)});
  return write_all(to, piece.data(), static_cast<std::size_t>(size)) ? Carried::kSome
                                                                     : Carried::kBroken;
}

}  // namespace

int pass_through(const std::string& socket) {
  const net::Fd server = connect_to(socket);
  if (server.get() < 0) return EX_TEMPFAIL;
  std::array<pollfd, 2> watched{pollfd{server.get(), POLLIN, 0}, pollfd{STDIN_FILENO, POLLIN, 0}};
  ReplyWatch replies;
  for (;;) {
    if (::poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return EX_OSERR;
    }
    if (watched[0].revents != 0) {
      const Carried carried = carry(server.get(), STDOUT_FILENO, &replies);
      if (carried == Carried::kEnd) return replies.status();
      // A server that leaves with commands of ours unread resets the connection.
      if (carried == Carried::kBroken)
        return replies.status() == EX_OK && !replies.said_goodbye() ? EX_IOERR : replies.status();
    }
    if (watched[1].revents != 0) {
      const Carried carried = carry(STDIN_FILENO, server.get(), nullptr);
      if (carried == Carried::kSome) continue;
      ::shutdown(server.get(), SHUT_WR);  // its last answers are still to come
      watched[1].fd = -1;
    }
  }
}

}  // namespace fwd::sendmail
