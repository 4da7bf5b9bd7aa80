// Sockets to accept on.
#include "net/listen_socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "core/text.h"
#include "net/socket_address.h"

namespace fwd::net {
namespace {

Failure bad_spec(std::string_view spec, const char* why) {
  const std::string text = std::string(spec) + ": " + why;
  return Failure{Fault::kBadInput, text, text};
}

Failure refused(std::string_view spec, int error) {
  Fault fault = Fault::kUnavailable;
  if (error == EADDRINUSE) fault = Fault::kExists;
  if (error == EACCES || error == EPERM) fault = Fault::kDenied;
  const std::string text = std::string(spec) + ": " + std::strerror(error);
  return Failure{fault, text, text};
}

// The bound address of any stream socket.
std::string bound_address(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  if (address.ss_family == AF_UNIX) return reinterpret_cast<sockaddr_un*>(&address)->sun_path;
  return address_text(to_peer_address(address));
}

// True when the socket file at `address` was left behind by a dead process.
bool is_stale(const SocketAddress& address) {
  const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return probe.is_open() && ::connect(probe.get(), address.get(), address.size) != 0 &&
         errno == ECONNREFUSED;
}

Outcome<ListenSocket> open_unix(std::string_view spec, std::string role, std::string_view where) {
  mode_t mode = 0660;
  if (const std::size_t comma = where.find(",mode="); comma != std::string_view::npos) {
    const std::string digits(where.substr(comma + 6));
    char* end = nullptr;
    mode = static_cast<mode_t>(std::strtoul(digits.c_str(), &end, 8));
    if (digits.empty() || *end != '\0' || mode > 0777) return bad_spec(spec, "no such mode");
    where = where.substr(0, comma);
  }
  const std::string path(where);
  const auto address = unix_socket_address(path);
  if (!address) return bad_spec(spec, "the path is too long for a socket");
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.is_open()) return refused(spec, errno);
  int done = ::bind(fd.get(), address->get(), address->size);
  if (done != 0 && errno == EADDRINUSE && is_stale(*address)) {
    ::unlink(path.c_str());
    done = ::bind(fd.get(), address->get(), address->size);
  }
  if (done != 0 || ::chmod(path.c_str(), mode) != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
    return refused(spec, errno);
  return ListenSocket{std::move(fd), std::move(role), path};
}

// "127.0.0.1:25" or "[::1]:25"
std::optional<SocketAddress> parse_address(std::string_view where) {
  const std::size_t colon = where.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_number(where.substr(colon + 1));
  std::string_view ip = where.substr(0, colon);
  const bool v6 = ip.size() > 2 && ip.front() == '[' && ip.back() == ']';
  if (v6) ip = ip.substr(1, ip.size() - 2);
  if (!port || *port > 65535 || v6 != (ip.find(':') != std::string_view::npos)) return std::nullopt;
  return ip_socket_address(std::string(ip), static_cast<std::uint16_t>(*port));
}

}  // namespace

Outcome<ListenSocket> open_listen_socket(std::string_view spec) {
  const std::size_t equals = spec.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return bad_spec(spec, "want role=address:port or role=/path");
  std::string role(spec.substr(0, equals));
  const std::string_view where = spec.substr(equals + 1);
  if (!where.empty() && where.front() == '/') return open_unix(spec, std::move(role), where);
  const auto address = parse_address(where);
  if (!address) return bad_spec(spec, "want role=127.0.0.1:25, role=[::1]:25 or role=/path");
  const int family = address->storage.ss_family;
  Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.is_open()) return refused(spec, errno);
  const int one = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  if (::bind(fd.get(), address->get(), address->size) != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
    return refused(spec, errno);
  std::string bound = bound_address(fd.get());
  return ListenSocket{std::move(fd), std::move(role), std::move(bound)};
}

Outcome<std::vector<ListenSocket>> inherited_sockets() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  std::vector<ListenSocket> sockets;
  std::optional<Failure> failure;
  for (int i = 0; i < count; ++i) {
    Fd fd(SD_LISTEN_FDS_START + i);
    std::string name = names != nullptr && names[i] != nullptr ? names[i] : "";
    if (name.empty() || name == "unknown" || sd_is_socket(fd.get(), 0, SOCK_STREAM, 1) <= 0) {
      failure = bad_spec(name, "a handed-over socket must be a listening stream with a name");
      continue;
    }
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
    std::string bound = bound_address(fd.get());
    sockets.push_back(ListenSocket{std::move(fd), std::move(name), std::move(bound)});
  }
  for (char** name = names; name != nullptr && *name != nullptr; ++name) std::free(*name);
  std::free(names);
  if (count < 0) return Failure{Fault::kUnavailable, "", std::strerror(-count)};
  if (failure) return *failure;
  return sockets;
}

}  // namespace fwd::net
