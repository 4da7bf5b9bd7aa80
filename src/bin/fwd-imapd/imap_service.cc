// IMAP sessions over the door.
#include "bin/fwd-imapd/imap_service.h"

#include "crypto/random.h"
#include "service/daemon/door_connector.h"

namespace fwd::imapd {
namespace {

// Longer messages are worked out on a worker thread.
constexpr std::size_t kInlineOctets = 64 * 1024;
// How long a stop waits for rspamd to learn.
constexpr auto kLearningEnd = std::chrono::seconds(3);

// What one command may ask for.
void set_command_limits(const config::Options& options, imap::Limits& limits) {
  limits.discard_literals = options.integer("imap.discard-literals-limit");
  limits.fetch_items = options.integer("imap.fetch-items-limit");
  limits.header_octets = options.size("imap.header-limit");
  limits.keyword_length = options.size("imap.keyword-limit");
  limits.keywords = options.integer("imap.keywords-limit");
  limits.list_patterns = options.integer("imap.list-patterns-limit");
  limits.list_wild = options.size("imap.list-wildcards-limit");
  limits.login_line = options.size("imap.login-line-limit");
  limits.name_length = options.size("imap.name-limit");
  limits.search_depth = options.integer("imap.search-depth-limit");
  limits.search_keys = options.integer("imap.search-keys-limit");
  limits.section_depth = options.integer("imap.section-depth-limit");
  limits.section_fields = options.integer("imap.section-fields-limit");
  limits.set_ranges = options.integer("imap.set-ranges-limit");
}

}  // namespace

bool AppendBudget::take(std::uint64_t octets) {
  if (octets > left_) return false;
  left_ -= octets;
  return true;
}

ImapService::ImapService(daemon::Daemon& daemon)
    : daemon_(daemon),
      door_(daemon::door_connector(daemon.loop(), daemon.options()), daemon.clock(),
            daemon::door_options(daemon.options())),
      budget_(daemon.options().size("imap.memory-budget")),
      workers_(daemon.loop(), daemon.worker_threads()),
      packer_(workers_, kInlineOctets, daemon::message_limits(daemon.options())),
      learner_(daemon.loop(), daemon.log(), budget_) {}

imap::Limits ImapService::limits() const {
  const config::Options& options = daemon_.options();
  imap::Limits limits;
  limits.host_name = daemon::host_name(options);
  limits.server_version = FWD_VERSION;
  limits.line = options.size("imap.line-limit");
  limits.line_before_login = options.size("imap.line-limit-before-login");
  limits.literal = options.size("imap.literal-limit");
  limits.literal_before_login = options.size("imap.literal-limit-before-login");
  limits.command = options.size("imap.command-limit");
  limits.append = options.size("imap.append-limit");
  limits.append_total = options.size("imap.append-total-limit");
  limits.append_messages = options.integer("imap.append-messages-limit");
  limits.discard = options.size("imap.discard-limit");
  limits.login_idle = options.time("imap.login-idle-limit");
  limits.login_time = options.time("imap.login-limit");
  limits.idle = options.time("imap.idle-limit");
  limits.command_idle = options.time("imap.command-idle-limit");
  limits.write_wait = options.time("imap.write-limit");
  limits.bad_commands = static_cast<unsigned>(options.integer("imap.bad-commands-limit"));
  limits.wrong_logins = static_cast<unsigned>(options.integer("imap.wrong-logins-limit"));
  limits.output = options.size("imap.output-limit");
  limits.message = daemon::message_limits(options);
  set_command_limits(options, limits);
  return limits;
}

Task<Outcome<void>> ImapService::start() {
  const auto learning = learner_.configure(daemon_.options());
  if (!learning.ok()) co_return learning.failure();
  const auto reached = co_await door_.connect();
  if (!reached.ok()) daemon_.log().warning("door.away", {{"why", reached.failure().private_text}});
  co_return Outcome<void>{};
}

Task<void> ImapService::serve(std::unique_ptr<net::SocketStream> stream, std::string) {
  imap::Session session(*stream, daemon_.clock(), door_.logins(), daemon_.log(), limits(),
                        daemon_.stopping(), crypto::log_id(), &budget_, &packer_);
  session.observe_filing(learner_.observer());
  co_await session.run();
}

void ImapService::reload() {
  const auto learning = learner_.configure(daemon_.options());
  if (!learning.ok())
    daemon_.log().error("imap.learn.options.refused", {{"what", learning.failure().private_text}});
}

// What was moved in a session that has just ended is taught, too.
Task<void> ImapService::finish() {
  auto settling = learner_.settle(kLearningEnd);
  co_await settling;
}

std::string ImapService::refusal(const std::string& role) {
  // A port that begins with TLS can be told nothing before the handshake.
  return role == "imaps" ? "" : "* BYE [UNAVAILABLE] too many connections, try again later\r\n";
}

}  // namespace fwd::imapd
