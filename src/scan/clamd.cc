// Asks clamd, each time on a connection of its own.
#include "scan/clamd.h"

#include <utility>

#include "net/connect.h"
#include "scan/clamd_dialogue.h"
#include "scan/local_names.h"

namespace fwd::scan {
namespace {

Failure too_slow() { return Failure{Fault::kTimeout, "", "clamd does not answer in time"}; }

}  // namespace

Task<Outcome<std::unique_ptr<net::SocketStream>>> Clamd::connect() {
  const Endpoint& endpoint = options_.endpoint;
  if (!endpoint.unix_path.empty()) {
    auto connecting = net::connect_unix(*loop_, endpoint.unix_path, options_.limit);
    co_return co_await connecting;
  }
  auto finding = find_host(*names_, endpoint.host);
  const auto ips = co_await finding;
  if (!ips.ok()) co_return Failure{Fault::kUnavailable, "", ips.failure().private_text};
  Failure trouble;
  for (const std::string& ip : ips.value()) {
    auto connecting = net::connect_tcp(*loop_, ip, endpoint.port, options_.limit);
    auto connected = co_await connecting;
    if (connected.ok()) co_return connected;
    trouble = connected.failure();
  }
  co_return trouble;
}

Task<Outcome<VirusVerdict>> Clamd::scan_whole(std::string_view content) {
  auto connecting = connect();
  const auto stream = co_await connecting;
  if (!stream.ok()) co_return stream.failure();
  auto scanning = scan_stream(*stream.value(), content);
  co_return co_await scanning;
}

Task<Outcome<void>> Clamd::ping_whole() {
  auto connecting = connect();
  const auto stream = co_await connecting;
  if (!stream.ok()) co_return stream.failure();
  auto pinging = ping_stream(*stream.value());
  co_return co_await pinging;
}

Task<Outcome<VirusVerdict>> Clamd::scan(std::string_view content) {
  Clock& clock = loop_->clock();
  auto scanning = scan_whole(content);
  auto verdict = co_await before(clock, clock.now() + options_.limit, std::move(scanning));
  if (!verdict) co_return too_slow();
  co_return *std::move(verdict);
}

Task<Outcome<void>> Clamd::ping() {
  Clock& clock = loop_->clock();
  auto pinging = ping_whole();
  auto answered = co_await before(clock, clock.now() + options_.limit, std::move(pinging));
  if (!answered) co_return too_slow();
  co_return *std::move(answered);
}

}  // namespace fwd::scan
