// Looking for DNS servers with a packet to each.
#include "net/server_check.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "core/text.h"

namespace fwd::net {
namespace {

constexpr std::chrono::seconds kPause{1};
constexpr std::size_t kMostServers = 10;
constexpr std::uint16_t kPort = 53;

// ". NS", recursion desired (RFC 1035 §4.1).
constexpr char kQuestion[] = "\x13\x5f\x01\0\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";

std::optional<SocketAddress> read_server(const std::string& server) {
  const std::size_t at = server.find('@');
  const auto port = at == server.npos ? kPort : parse_number(server.substr(at + 1)).value_or(0);
  if (port == 0 || port > 65535) return std::nullopt;
  return ip_socket_address(server.substr(0, at), static_cast<std::uint16_t>(port));
}

std::vector<std::string> system_servers(const std::string& resolv_conf) {
  std::vector<std::string> servers;
  std::ifstream file(resolv_conf);
  for (std::string word; file >> word && servers.size() < kMostServers;) {
    if (word == "nameserver" && file >> word) servers.push_back(word);
    std::getline(file, word);
  }
  return servers;
}

bool is_nobody(int error) {
  return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == EHOSTDOWN || error == ENETDOWN || error == EADDRNOTAVAIL;
}

}  // namespace

ServerCheck::ServerCheck(const std::vector<std::string>& servers, const std::string& resolv_conf) {
  std::vector<std::string> all;
  for (const std::string& server : servers) {
    if (server != "system")
      all.push_back(server);
    else
      for (std::string& one : system_servers(resolv_conf)) all.push_back(std::move(one));
  }
  if (all.size() > kMostServers) return;
  for (const std::string& server : all) {
    const auto address = read_server(server);
    if (!address) {
      servers_.clear();
      return;
    }
    servers_.push_back({*address, {}, 0});
  }
}

void ServerCheck::send_to(Server& server) {
  server.error = 0;
  server.socket =
      Fd(::socket(server.address.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!server.socket.is_open()) return;
  if (::connect(server.socket.get(), server.address.get(), server.address.size) != 0 ||
      ::send(server.socket.get(), kQuestion, sizeof kQuestion - 1, 0) < 0)
    server.error = errno;
}

std::optional<std::string> ServerCheck::why_unreachable(Instant now) {
  if (!asked_ || now >= *asked_ + kPause) {
    asked_ = now;
    for (Server& server : servers_) send_to(server);
  }
  for (Server& server : servers_) {
    char answer[512];
    if (server.error == 0 && server.socket.is_open() &&
        ::recv(server.socket.get(), answer, sizeof answer, 0) < 0 && errno != EAGAIN)
      server.error = errno;
  }
  const auto is_gone = [](const Server& server) { return is_nobody(server.error); };
  if (servers_.empty() || !std::all_of(servers_.begin(), servers_.end(), is_gone))
    return std::nullopt;
  return std::strerror(servers_.front().error);
}

}  // namespace fwd::net
