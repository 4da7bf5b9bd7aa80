// Submission sessions over the door.
#include "bin/fwd-smtpd/smtpd_service.h"

#include "crypto/random.h"
#include "service/daemon/door_connector.h"
#include "service/daemon/smtp_limits.h"
#include "service/submission/user_name.h"

namespace fwd::smtpd {
namespace {

// Counts one session of a uid while it lives.
class Place {
 public:
  Place(std::map<std::uint32_t, std::uint64_t>& all, std::uint32_t uid)
      : all_(all), uid_(uid), number_(++all[uid]) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (--all_[uid_] == 0) all_.erase(uid_);
  }
  std::uint64_t number() const { return number_; }

 private:
  std::map<std::uint32_t, std::uint64_t>& all_;
  std::uint32_t uid_;
  std::uint64_t number_;
};

Task<void> turn_away(Stream& stream, std::string answer) {
  auto writing = stream.write(answer);
  static_cast<void>(co_await writing);
  stream.close();
}

}  // namespace

SmtpdService::SmtpdService(daemon::Daemon& daemon)
    : daemon_(daemon),
      door_(daemon::door_connector(daemon.loop(), daemon.options()), daemon.clock(),
            daemon::door_options(daemon.options())),
      recorder_(door_.journal(), daemon.clock(), daemon.log()),
      budget_(daemon.options().size("smtp.memory-budget"), daemon.clock()),
      host_(daemon::host_name(daemon.options())),
      new_id_(crypto::log_id) {
  read_options();
}

void SmtpdService::read_options() {
  const config::Options& options = daemon_.options();
  limits_ = daemon::smtp_limits(options);
  limits_.recipients = options.integer("submission.most-recipients");
  limits_.message_size = options.size("submission.most-octets");
  limits_.login = options.time("submission.login-limit");
  limits_.wrong_logins = options.integer("submission.wrong-logins-limit");
  sessions_per_uid_ = options.integer("submission.sessions-per-uid");
  options_.postmaster = options.text("smtp.postmaster");
  options_.received = options.integer("smtp.received-limit");
  options_.hold =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("submission.most-delay"));
  options_.version = FWD_VERSION;
}

Task<Outcome<void>> SmtpdService::start() {
  // The door may still be starting: logins are answered 454 until it is there.
  const auto reached = co_await door_.connect();
  if (!reached.ok()) daemon_.log().warning("door.away", {{"why", reached.failure().private_text}});
  co_return Outcome<void>{};
}

Task<void> SmtpdService::converse(Stream& stream, smtp::Policy& policy) {
  const smtp::Limits limits = limits_;
  const std::string host = host_;
  const smtp::SessionContext context{daemon_.clock(),    daemon_.log(), policy, budget_,
                                     daemon_.stopping(), new_id_,       limits, host};
  smtp::Session session(stream, context);
  co_await session.run();
}

Task<void> SmtpdService::serve_local(net::SocketStream& stream,
                                     const submission::SubmissionContext& context) {
  const auto caller = stream.peer_credentials();
  if (!caller.ok()) co_return;  // no Unix socket: nobody is known by it
  const std::uint32_t uid = caller.value().uid;
  const Place place(local_sessions_, uid);
  if (place.number() > sessions_per_uid_) {
    auto refusing = turn_away(stream, refusal(std::string(kLocalRole)));
    co_await refusing;
    co_return;
  }
  const auto name = submission::user_name(uid);
  if (!name.ok()) {
    daemon_.log().warning("submission.nameless",
                          {{"uid", std::to_string(uid)}, {"why", name.failure().private_text}});
    auto refusing = turn_away(stream, "421 4.3.0 " + host_ + " who you are cannot be told now\r\n");
    co_await refusing;
    co_return;
  }
  submission::SubmissionPolicy policy(context, submission::LocalUser{uid, name.value()});
  auto conversing = converse(stream, policy);
  co_await conversing;
}

Task<void> SmtpdService::serve(std::unique_ptr<net::SocketStream> stream, std::string role) {
  const submission::SubmissionOptions options = options_;
  const submission::SubmissionContext context{door_.submission(), door_.deliveries(), recorder_,
                                              daemon_.clock(), options};
  if (role == kLocalRole) {
    auto serving = serve_local(*stream, context);
    co_await serving;
    co_return;
  }
  submission::SubmissionPolicy policy(context);
  auto conversing = converse(*stream, policy);
  co_await conversing;
}

std::string SmtpdService::refusal(const std::string&) {
  return "421 4.3.2 " + host_ + " too many connections, try again later\r\n";
}

void SmtpdService::reload() {
  host_ = daemon::host_name(daemon_.options());
  read_options();
}

Task<void> SmtpdService::finish() { co_await recorder_.wait_written(); }

}  // namespace fwd::smtpd
