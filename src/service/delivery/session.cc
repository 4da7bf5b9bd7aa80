// Opens conversations with remote hosts.
//
//   dial --> (TLS first) --> greeting --> EHLO --> STARTTLS, EHLO --> check --> login
#include "service/delivery/session.h"

#include <utility>

namespace fwd::delivery {
namespace {

using Next = SessionTrouble::Next;

class StartTls final : public smtp::Handshake {
 public:
  StartTls(RemoteStream& remote, const mailauth::TlsPolicy& policy)
      : remote_(remote), policy_(policy) {}
  Task<Outcome<void>> shake_hands() override {
    return remote_.start_tls(policy_.server_name, policy_.level);
  }

 private:
  RemoteStream& remote_;
  const mailauth::TlsPolicy& policy_;
};

// Opens one session; its steps give the trouble that ends it.
class Opening {
 public:
  Opening(const DeliveryContext& context, const DeliveryOptions& options, OpenQuestion question)
      : context_(context), options_(options), question_(std::move(question)) {}
  Task<Opened> run();

 private:
  using Step = std::optional<SessionTrouble>;

  Task<Step> dial();
  Task<Step> greet();
  Task<Step> hello();
  Task<Step> secure();
  Task<Step> shake_hands_first();
  Task<Step> start_tls();
  Step check_peer();
  Task<Step> log_in();
  Step tls_trouble(std::string result_type, std::string why, smtp::RemoteReply words);
  Step lost(const Failure& failure, Next next) const;
  Task<void> note_tls();

  bool may_go_clear() const { return mailauth::may_use_clear_text(question_.policy); }

  const DeliveryContext& context_;
  const DeliveryOptions& options_;
  OpenQuestion question_;
  std::unique_ptr<RemoteSession> session_;
  mailauth::TlsSessionResult tls_result_;
  bool has_tls_result_ = false;
};

Opening::Step Opening::lost(const Failure& failure, Next next) const {
  const bool timeout = failure.fault == Fault::kTimeout;
  const bool nonsense = failure.fault == Fault::kBadInput || failure.fault == Fault::kOverLimit;
  const std::string status = nonsense ? "4.5.0" : "4.4.2";
  const std::string what = nonsense  ? " does not speak SMTP: "
                           : timeout ? " did not answer in time: "
                                     : " broke off the connection: ";
  return SessionTrouble{
      next, {451, status, question_.host.name + what + failure.private_text}, false};
}

Opening::Step Opening::tls_trouble(std::string result_type, std::string why,
                                   smtp::RemoteReply words) {
  has_tls_result_ = true;
  tls_result_.result_type = std::move(result_type);
  tls_result_.reason = std::move(why);
  return SessionTrouble{may_go_clear() ? Next::kClearText : Next::kHost, std::move(words), false};
}

Task<Opening::Step> Opening::dial() {
  const RemoteHost& host = question_.host;
  auto remote = co_await context_.dialer.dial(host.ip, host.port, options_.connect_limit);
  if (!remote.ok())
    co_return SessionTrouble{
        Next::kAddress,
        {451, "4.4.1",
         host.name + " [" + host.ip + "] cannot be reached: " + remote.failure().private_text},
        false};
  smtp::ClientOptions client;
  client.host = options_.host;
  client.limits = options_.limits;
  session_ = std::make_unique<RemoteSession>(std::move(remote).value(), context_.clock, client);
  session_->host = host.name;
  session_->ip = host.ip;
  session_->client().set_end(question_.end);
  co_return std::nullopt;
}

// RFC 5321 §3.1: a host that greets with 4xx or 5xx takes no mail now; another
// of its domain may (RFC 7504 §4).
Task<Opening::Step> Opening::greet() {
  const auto reply = co_await session_->client().greet();
  if (!reply.ok()) co_return lost(reply.failure(), Next::kAddress);
  if (reply.value().accepts()) co_return std::nullopt;
  co_return SessionTrouble{Next::kHost, reply.value(), true};
}

Task<Opening::Step> Opening::hello() {
  const auto reply = co_await session_->client().hello();
  if (!reply.ok()) co_return lost(reply.failure(), Next::kHost);
  if (reply.value().accepts()) co_return std::nullopt;
  co_return SessionTrouble{Next::kHost, reply.value(), true};
}

Task<Opening::Step> Opening::shake_hands_first() {
  StartTls handshake(session_->remote(), question_.policy);
  const auto shaken = co_await handshake.shake_hands();
  if (shaken.ok()) co_return std::nullopt;
  co_return tls_trouble(
      "validation-failure", shaken.failure().private_text,
      {451, "4.7.5",
       "TLS with " + question_.host.name + " failed: " + shaken.failure().private_text});
}

Task<Opening::Step> Opening::start_tls() {
  const std::string& host = question_.host.name;
  smtp::Client& client = session_->client();
  if (!client.extensions().start_tls) {
    tls_result_.result_type = "starttls-not-supported";
    has_tls_result_ = true;
    if (may_go_clear()) co_return std::nullopt;
    co_return SessionTrouble{
        Next::kHost,
        {451, "4.7.5", host + " offers no TLS, and its domain or you demand it"},
        false};
  }
  StartTls handshake(session_->remote(), question_.policy);
  const auto reply = co_await client.start_tls(handshake);
  if (!reply.ok())
    co_return tls_trouble(
        "validation-failure", reply.failure().private_text,
        {451, "4.7.5", "TLS with " + host + " failed: " + reply.failure().private_text});
  if (reply.value().code != 220) {
    tls_result_.result_type = "starttls-not-supported";
    tls_result_.reason = reply.value().line();
    has_tls_result_ = true;
    if (may_go_clear()) co_return std::nullopt;
    co_return SessionTrouble{Next::kHost, reply.value(), true};
  }
  auto again = co_await hello();
  if (again && may_go_clear()) again->next = Next::kClearText;
  co_return again;
}

Opening::Step Opening::check_peer() {
  const TlsState& tls = session_->remote().stream().tls();
  if (!tls.active) return std::nullopt;
  has_tls_result_ = true;
  const mailauth::TlsVerdict verdict = context_.tls.verify(tls.peer_chain, question_.policy);
  session_->tls = tls.version + " " + tls.cipher;
  if (!verdict.how.empty()) session_->tls += " " + verdict.how;
  tls_result_.result_type = verdict.result_type;
  tls_result_.reason = verdict.reason;
  if (verdict.may_send) return std::nullopt;
  return SessionTrouble{Next::kHost,
                        {451, "4.7.5",
                         "The certificate of " + question_.host.name +
                             " is not what its domain promises: " + verdict.reason},
                        false};
}

Task<Opening::Step> Opening::secure() {
  const bool wants = !question_.without_tls && !question_.host.is_tls_forbidden;
  if (wants && !question_.host.is_tls_first) {
    auto trouble = co_await start_tls();
    if (trouble) co_return trouble;
  }
  co_return check_peer();
}

Task<Opening::Step> Opening::log_in() {
  if (question_.host.user.empty()) co_return std::nullopt;
  std::string user = question_.host.user;
  std::string password = question_.host.password;
  const auto reply = co_await session_->client().log_in(std::move(user), std::move(password));
  // Mail must not fail for good because the smarthost changed its password.
  if (!reply.ok())
    co_return SessionTrouble{
        Next::kHost,
        {451, "4.7.8", question_.host.name + " let us not log in: " + reply.failure().private_text},
        false};
  if (reply.value().accepts()) co_return std::nullopt;
  smtp::RemoteReply words = reply.value();
  words.code = 454;
  words.enhanced = "4.7.8";
  co_return SessionTrouble{Next::kHost, std::move(words), true};
}

Task<void> Opening::note_tls() {
  // A smarthost's TLS is nothing to tell the recipient's domain of.
  if (!has_tls_result_ || options_.smarthost) co_return;
  tls_result_.mx = question_.host.name;
  tls_result_.mx_ip = question_.host.ip;
  if (session_) tls_result_.our_ip = session_->remote().stream().local().ip;
  tls_result_.message_id = question_.message_id;
  co_await note_tls_result(context_, question_.policy, tls_result_);
}

Task<Opened> Opening::run() {
  Step trouble = co_await dial();
  if (!trouble && question_.host.is_tls_first) trouble = co_await shake_hands_first();
  if (!trouble) trouble = co_await greet();
  if (!trouble) trouble = co_await hello();
  if (!trouble) trouble = co_await secure();
  co_await note_tls();
  if (!trouble) trouble = co_await log_in();
  Opened opened;
  if (!trouble) {
    opened.session = std::move(session_);
    co_return opened;
  }
  if (session_) co_await session_->client().quit();
  opened.trouble = std::move(*trouble);
  co_return opened;
}

}  // namespace

Task<void> note_tls_result(const DeliveryContext& context, const mailauth::TlsPolicy& policy,
                           const mailauth::TlsSessionResult& result) {
  model::JournalEntry entry = mailauth::tls_result_entry(policy, result);
  entry.time_ms = unix_milliseconds(context.clock.wall());
  const auto written = co_await context.journal.write(std::move(entry));
  if (!written.ok())
    context.log.warning("smtp.delivery.journal.failed",
                        {{"message", result.message_id}, {"what", written.failure().private_text}});
}

Task<Opened> open_session(const DeliveryContext& context, const DeliveryOptions& options,
                          OpenQuestion question) {
  Opening opening(context, options, std::move(question));
  co_return co_await opening.run();
}

}  // namespace fwd::delivery
