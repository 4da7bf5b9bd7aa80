// SMTP sessions over the door.
#include "bin/fwd-mxd/mx_service.h"

#include <utility>

#include "crypto/random.h"
#include "service/daemon/door_connector.h"
#include "service/daemon/smtp_limits.h"

namespace fwd::mxd {
namespace {

// Longer messages are worked out on a worker thread.
constexpr std::size_t kInlineOctets = 64 * 1024;

}  // namespace

MxService::MxService(daemon::Daemon& daemon)
    : daemon_(daemon),
      workers_(daemon.loop(), daemon.worker_threads()),
      door_(daemon::door_connector(daemon.loop(), daemon.options()), daemon.clock(),
            daemon::door_options(daemon.options())),
      packer_(workers_, kInlineOctets, daemon::message_limits(daemon.options())),
      budget_(daemon.options().size("smtp.memory-budget"), daemon.clock()),
      host_(daemon::host_name(daemon.options())),
      new_id_(crypto::log_id),
      policy_({door_.deliveries(), door_.journal(), door_.state(), daemon.clock(), daemon.log(),
               packer_, inbound_options_, &door_.forwarding()}) {
  read_options();
}

void MxService::read_options() {
  const config::Options& options = daemon_.options();
  limits_ = daemon::smtp_limits(options);
  limits_.recipients = options.integer("smtp.recipients-limit");
  limits_.message_size = options.size("smtp.message-limit");
  limits_.greet_delay = options.time("smtp.greet-delay");
  inbound_options_.postmaster = options.text("smtp.postmaster");
  inbound_options_.mailboxes = options.integer("smtp.mailboxes-limit");
  inbound_options_.received = options.integer("smtp.received-limit");
  inbound_options_.forward_wait = options.time("smtp.forward-wait");
  inbound_options_.replies = options.integer("smtp.replies-limit");
  inbound_options_.vacation_repeat =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("smtp.vacation-repeat"));
  inbound_options_.vacation_per_alias = options.integer("smtp.vacation-per-alias");
  inbound_options_.vacation_per_sender = options.integer("smtp.vacation-per-sender");
  inbound_options_.journal = options.integer("smtp.journal-limit");
}

Task<Outcome<void>> MxService::start() {
  // The door may still be starting: mail is answered 4xx until it is there.
  const auto reached = co_await door_.connect();
  if (!reached.ok()) daemon_.log().warning("door.away", {{"why", reached.failure().private_text}});
  co_return Outcome<void>{};
}

Task<void> MxService::serve(std::unique_ptr<net::SocketStream> stream, std::string) {
  const smtp::Limits limits = limits_;
  const std::string host = host_;
  const smtp::SessionContext context{daemon_.clock(),    daemon_.log(), policy_, budget_,
                                     daemon_.stopping(), new_id_,       limits,  host};
  smtp::Session session(*stream, context);
  co_await session.run();
}

std::string MxService::refusal(const std::string&) {
  return "421 4.3.2 " + host_ + " too many connections, try again later\r\n";
}

void MxService::reload() {
  host_ = daemon::host_name(daemon_.options());
  read_options();
}

Task<void> MxService::finish() { co_await policy_.wait_written(); }

}  // namespace fwd::mxd
