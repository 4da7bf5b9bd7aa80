// Reaching the door over its Unix socket, and what this host is called.
#include "service/daemon/door_connector.h"

#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "net/connect.h"

namespace fwd::daemon {
namespace {

Task<Outcome<std::unique_ptr<Stream>>> connect(net::Loop& loop, std::string path,
                                               std::chrono::milliseconds limit) {
  auto stream = co_await net::connect_unix(loop, std::move(path), limit);
  if (!stream.ok()) co_return stream.failure();
  co_return std::unique_ptr<Stream>(std::move(stream.value()));
}

}  // namespace

rpc::Connector door_connector(net::Loop& loop, const config::Options& options) {
  return [&loop, path = options.path("door.socket"), limit = options.time("door.connect-limit")] {
    return connect(loop, path, limit);
  };
}

rpc::DoorPool::Options door_options(const config::Options& options) {
  rpc::DoorPool::Options pool;
  pool.limits.calls = options.integer("door.calls-limit");
  pool.limits.notices = options.integer("door.notices-limit");
  pool.limits.prefetch = static_cast<std::uint32_t>(options.integer("door.prefetch"));
  pool.first_pause = options.time("door.retry-first");
  pool.longest_pause = options.time("door.retry-longest");
  pool.connect_timeout = options.time("door.connect-limit");
  pool.answer_timeout = options.time("door.answer-time");
  return pool;
}

std::string host_name(const config::Options& options) {
  if (!options.text("server.hostname").empty()) return options.text("server.hostname");
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

}  // namespace fwd::daemon
