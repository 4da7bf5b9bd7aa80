// SMTP sessions over the door.
#include "bin/fwd-mxd/mx_service.h"

#include <utility>

#include "bin/fwd-mxd/mx_options.h"
#include "crypto/random.h"
#include "service/daemon/door_connector.h"
#include "service/daemon/resolver_options.h"
#include "service/daemon/scan_options.h"
#include "service/daemon/smtp_limits.h"

namespace fwd::mxd {
namespace {

// Longer messages are worked out on a worker thread.
constexpr std::size_t kInlineOctets = 64 * 1024;

Task<scan::ScanResult> ask(std::shared_ptr<scan::Scanners> scanners, scan::ScanQuestion question) {
  auto asking = scanners->run(std::move(question));
  co_return co_await asking;
}

}  // namespace

MxService::MxService(daemon::Daemon& daemon)
    : daemon_(daemon),
      workers_(daemon.loop(), daemon.worker_threads()),
      door_(daemon::door_connector(daemon.loop(), daemon.options()), daemon.clock(),
            daemon::door_options(daemon.options())),
      packer_(workers_, kInlineOctets, daemon::message_limits(daemon.options())),
      budget_(daemon.options().size("smtp.memory-budget"), daemon.clock()),
      suffixes_(mailauth::SuffixList::newest()),
      host_(daemon::host_name(daemon.options())),
      new_id_(crypto::log_id) {
  read_options();
}

void MxService::read_options() {
  const config::Options& options = daemon_.options();
  limits_ = daemon::smtp_limits(options);
  limits_.recipients = options.integer("smtp.recipients-limit");
  limits_.message_size = options.size("smtp.message-limit");
  limits_.greet_delay = options.time("smtp.greet-delay");
  inbound_options_ = inbound_options(options);
  if (verifier_) verifier_->set_limits(auth_limits(options));
  std::vector<std::string> faults;
  protection_ = service::read_protection(options, faults);
  for (const std::string& fault : faults)
    daemon_.log().warning("mx.option.unread", {{"why", fault}});
}

Outcome<void> MxService::make_network() {
  const config::Options& options = daemon_.options();
  auto resolver = daemon::make_resolver(daemon_.loop(), options);
  if (!resolver.ok()) return resolver.failure();
  resolver_ = std::move(resolver).value();
  verifier_ = std::make_unique<mailauth::MessageVerifier>(
      *resolver_, mailauth::on_workers(workers_), auth_limits(options));
  return make_scanners();
}

Outcome<void> MxService::make_scanners() {
  auto scanning = daemon::scanner_options(daemon_.options());
  if (!scanning.ok()) return scanning.failure();
  auto scanners =
      scan::Scanners::make(daemon_.loop(), resolver_.get(), std::move(scanning).value());
  if (!scanners.ok()) return scanners.failure();
  scanners_ = std::move(scanners).value();
  return {};
}

service::ScanBy MxService::scan_by() const {
  if (!scanners_->any()) return {};
  return [scanners = scanners_](scan::ScanQuestion question) {
    return ask(scanners, std::move(question));
  };
}

service::InboundContext MxService::context() {
  service::InboundContext context{door_.deliveries(), door_.journal(), door_.state(),
                                  daemon_.clock(),    daemon_.log(),   packer_,
                                  inbound_options_};
  context.forwarding = &door_.forwarding();
  context.resolver = resolver_.get();
  context.verifier = verifier_.get();
  context.suffixes = &suffixes_;
  context.scan = scan_by();
  context.sender_lists = &door_.sender_lists();
  context.protection = &protection_;
  return context;
}

Task<Outcome<void>> MxService::start() {
  const auto made = make_network();
  if (!made.ok()) co_return made.failure();
  policy_ = std::make_unique<service::InboundPolicy>(context());
  // The door may still be starting: mail is answered 4xx until it is there.
  const auto reached = co_await door_.connect();
  if (!reached.ok()) daemon_.log().warning("door.away", {{"why", reached.failure().private_text}});
  co_return Outcome<void>{};
}

Task<void> MxService::serve(std::unique_ptr<net::SocketStream> stream, std::string) {
  const smtp::Limits limits = limits_;
  const std::string host = host_;
  const smtp::SessionContext context{daemon_.clock(),    daemon_.log(), *policy_, budget_,
                                     daemon_.stopping(), new_id_,       limits,   host};
  smtp::Session session(*stream, context);
  co_await session.run();
}

std::string MxService::refusal(const std::string&) {
  return "421 4.3.2 " + host_ + " too many connections, try again later\r\n";
}

void MxService::reload() {
  host_ = daemon::host_name(daemon_.options());
  read_options();
  if (!policy_) return;
  const auto made = make_scanners();
  if (made.ok())
    policy_->use_scanners(scan_by());
  else
    daemon_.log().error("mx.scan.options.refused", {{"what", made.failure().private_text}});
}

Task<void> MxService::finish() {
  if (policy_) co_await policy_->wait_written();
}

}  // namespace fwd::mxd
