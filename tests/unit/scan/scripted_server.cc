// A server that plays its part.
#include "unit/scan/scripted_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "core/text.h"
#include "net/socket_address.h"

namespace fwd::test {

ScriptedServer::ScriptedServer(std::string path, IsWhole is_whole, std::string answer)
    : is_whole_(std::move(is_whole)),
      answer_(std::move(answer)),
      listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto address = net::unix_socket_address(path);
  if (!address || ::bind(listening_.get(), address->get(), address->size) != 0 ||
      ::listen(listening_.get(), 10) != 0)
    throw std::runtime_error("no Unix socket");
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listening_.get(), SHUT_RDWR);
  thread_.join();
}

std::vector<std::string> ScriptedServer::heard() {
  const std::lock_guard lock(mutex_);
  return heard_;
}

void ScriptedServer::serve() {
  for (;;) {
    const net::Fd one(::accept(listening_.get(), nullptr, nullptr));
    if (one.get() < 0) return;
    serve_one(one.get());
  }
}

void ScriptedServer::serve_one(int fd) {
  std::string heard;
  char chunk[4096];
  while (!is_whole_(heard)) {
    const ssize_t got = ::recv(fd, chunk, sizeof chunk, 0);
    if (got <= 0) break;
    heard.append(chunk, static_cast<std::size_t>(got));
  }
  {
    const std::lock_guard lock(mutex_);
    heard_.push_back(heard);
  }
  if (!answer_.empty()) {
    static_cast<void>(::send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL));
    return;
  }
  while (::recv(fd, chunk, sizeof chunk, 0) > 0) {
  }
}

bool ScriptedServer::is_whole_http(const std::string& heard) {
  const std::size_t end = heard.find("\r\n\r\n");
  if (end == heard.npos) return false;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t at = heard.find(kLength);
  if (at == heard.npos || at > end) return true;
  const std::size_t begin = at + kLength.size();
  const auto length =
      parse_number(std::string_view(heard).substr(begin, heard.find('\r', begin) - begin));
  return heard.size() >= end + 4 + length.value_or(0);
}

std::string http_answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace fwd::test
