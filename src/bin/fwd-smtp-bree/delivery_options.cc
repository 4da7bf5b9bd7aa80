// Reads the options of delivery.
#include "bin/fwd-smtp-bree/delivery_options.h"

#include <unistd.h>

#include <fstream>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "net/machine_id.h"
#include "net/own_address.h"
#include "service/daemon/door_connector.h"

namespace fwd::smtp_bree {
namespace {

constexpr std::size_t kMostPassword = 1000;
constexpr std::int64_t kMailPort = 25;

smtp::ClientLimits client_limits(const config::Options& options) {
  smtp::ClientLimits limits;
  const std::chrono::milliseconds answer = options.time("delivery.answer-limit");
  limits.greeting = limits.hello = limits.mail = limits.rcpt = answer;
  limits.data_begin = std::min(limits.data_begin, answer);
  limits.data_block = std::min(limits.data_block, answer);
  limits.data_end = options.time("delivery.end-limit");
  return limits;
}

delivery::Smarthost::Tls tls_of(const std::string& word) {
  if (word == "encrypted") return delivery::Smarthost::Tls::kEncrypted;
  if (word == "implicit") return delivery::Smarthost::Tls::kImplicit;
  if (word == "none") return delivery::Smarthost::Tls::kNone;
  return delivery::Smarthost::Tls::kVerified;
}

Outcome<delivery::Smarthost> read_smarthost(const config::Options& options) {
  delivery::Smarthost smarthost;
  smarthost.host = options.text("smarthost.host");
  smarthost.port = static_cast<std::uint16_t>(options.integer("smarthost.port"));
  smarthost.tls = tls_of(options.choice("smarthost.tls"));
  smarthost.user = options.text("smarthost.user");
  if (smarthost.user.empty()) return smarthost;
  const std::string file = options.path("smarthost.password-file");
  std::ifstream in(file);
  if (!std::getline(in, smarthost.password) || smarthost.password.empty() ||
      smarthost.password.size() > kMostPassword)
    return Failure{Fault::kUnavailable, "",
                   file + ": cannot be read, or has no password on its first line"};
  return smarthost;
}

// The machine before the "/", this process behind it.  Two machines may have one name,
// and containers one id; without an id nobody is its predecessor.
std::string worker_name(const std::string& host) {
  static const std::string process = std::to_string(::getpid()) + '.' + crypto::log_id();
  const std::string id = net::machine_id();
  if (id.empty()) return process;
  return to_hex(crypto::sha256(id + ' ' + host)).substr(0, 32) + '/' + process;
}

}  // namespace

Outcome<delivery::DeliveryOptions> delivery_options(const config::Options& options) {
  delivery::DeliveryOptions out;
  out.host = daemon::host_name(options);
  out.worker = worker_name(out.host);
  out.claims = static_cast<std::uint32_t>(options.integer("delivery.claims-limit"));
  out.claims_per_destination =
      static_cast<std::uint32_t>(options.integer("delivery.claims-per-destination"));
  out.connections_per_host = options.integer("delivery.connections-per-host");
  out.idle_connections = options.integer("delivery.idle-connections");
  out.idle = options.time("delivery.idle-time");
  out.memory = options.size("delivery.memory-budget");
  out.stop_limit = options.time("daemon.stop-limit");
  out.port = static_cast<std::uint16_t>(options.integer("delivery.port"));
  out.received = options.integer("smtp.received-limit");
  out.connect_limit = options.time("delivery.connect-limit");
  out.attempt_limit = options.time("delivery.attempt-limit");
  out.limits = client_limits(options);
  out.first_retry = options.time("delivery.first-retry");
  out.webhook_limit = options.time("delivery.webhook-limit");
  out.webhook_payload = options.size("delivery.webhook-payload");
  out.longest_retry = options.time("delivery.longest-retry");
  out.longest_pause = options.time("delivery.destination-pause-limit");
  out.blocked_pause = options.time("delivery.blocked-pause");
  out.delay_notice = options.time("delivery.delay-notice");
  out.returned_content = options.size("delivery.returned-limit");
  out.issue_repeat = options.time("delivery.issue-repeat");
  out.issues_per_day = options.integer("delivery.issues-per-day");
  out.postmaster = options.text("smtp.postmaster");
  if (options.text("smarthost.host").empty()) return out;
  auto smarthost = read_smarthost(options);
  if (!smarthost.ok()) return smarthost.failure();
  out.smarthost = std::move(smarthost).value();
  return out;
}

mailauth::RouteOptions route_options(const config::Options& options) {
  mailauth::RouteOptions out;
  out.own_names = {daemon::host_name(options)};
  // RFC 5321 §5.1; on another port somebody else may take mail here.
  if (options.integer("delivery.port") == kMailPort) out.is_own_address = net::is_own_address;
  out.allow_private = options.flag("delivery.allow-private");
  out.use_ipv4 = options.flag("delivery.use-ipv4");
  out.use_ipv6 = options.flag("delivery.use-ipv6");
  return out;
}

}  // namespace fwd::smtp_bree
