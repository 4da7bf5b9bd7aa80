// A running daemon.
#include "service/daemon/daemon.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "core/first_of.h"
#include "core/text.h"
#include "net/service_manager.h"

namespace fwd::daemon {
namespace {

constexpr auto kExpiryWarning = std::chrono::hours(7 * 24);

Task<void> wait_for(Event& event) { co_await event.wait(); }

std::string days_until(WallTime end, WallTime now) {
  return std::to_string(std::chrono::duration_cast<std::chrono::hours>(end - now).count() / 24);
}

}  // namespace

bool Program::uses_tls() const {
  return std::any_of(roles.begin(), roles.end(),
                     [](const Role& role) { return role.security != Security::kClear; });
}

Daemon::Daemon(const Program& program, net::Loop& loop, LogSink& log,
               std::shared_ptr<const config::Options> options, config::LoadRequest source)
    : program_(program),
      loop_(loop),
      log_(log),
      options_(std::move(options)),
      source_(std::move(source)),
      tasks_([this](const std::string& name, const std::string& what) {
        log_.error("daemon.bug", {{"task", name}, {"what", what}});
      }),
      sessions_([this](const std::string& name, const std::string& what) {
        log_.error("daemon.bug", {{"task", name}, {"what", what}});
      }) {}

void Daemon::note_failure(std::string_view event, const Failure& failure) {
  const std::string& why =
      failure.private_text.empty() ? failure.public_text : failure.private_text;
  log_.error(event, {{"fault", fault_name(failure.fault)}, {"why", why}});
}

unsigned Daemon::worker_threads() const {
  const std::uint64_t asked = options_->integer("workers.threads");
  if (asked > 0) return static_cast<unsigned>(asked);
  return std::max(1U, std::thread::hardware_concurrency());
}

const Role* Daemon::find_role(std::string_view name) const {
  for (const Role& role : program_.roles)
    if (role.name == name && (role.only_if.empty() || options_->flag(role.only_if))) return &role;
  return nullptr;
}

net::ListenerLimits Daemon::listener_limits() const {
  net::ListenerLimits limits;
  if (!program_.connections_option.empty())
    limits.connections = options_->integer(program_.connections_option);
  if (!program_.per_address_option.empty())
    limits.per_address = options_->integer(program_.per_address_option);
  if (!program_.write_limit_option.empty())
    limits.write_limit = options_->time(program_.write_limit_option);
  if (!program_.uses_tls()) return limits;  // the door's: our own daemons hear its end
  limits.handshake_limit = options_->time("tls.handshake-limit");
  limits.linger = {options_->time("daemon.linger-limit"), options_->size("daemon.linger-size")};
  return limits;
}

Outcome<std::shared_ptr<const net::TlsCredentials>> Daemon::load_tls(
    const config::Options& options) {
  auto loaded = net::TlsCredentials::load(options.path("tls.certificate"), options.path("tls.key"));
  if (!loaded.ok()) return loaded;
  const net::TlsCredentials& tls = *loaded.value();
  const WallTime now = clock().wall();
  if (tls.valid_until() <= now) {
    log_.error("tls.expired", {{"names", tls.names()}});
  } else if (tls.valid_until() - now < kExpiryWarning) {
    log_.warning("tls.expires-soon",
                 {{"names", tls.names()}, {"days", days_until(tls.valid_until(), now)}});
  }
  return loaded;
}

int Daemon::live(std::vector<net::ListenSocket> sockets) {
  log_.set_level(log_level(options_->choice("log.level")));
  loop_.on_signal(SIGTERM, [this] { on_stop_signal(); });
  loop_.on_signal(SIGINT, [this] { on_stop_signal(); });
  loop_.on_signal(SIGHUP, [this] { reload(); });
  tasks_.spawn("life", life(std::move(sockets)));
  loop_.run();
  sessions_.cancel_all();
  tasks_.cancel_all();
  listener_.reset();
  service_.reset();
  return status_;
}

// The second signal does not wait for sessions.
void Daemon::on_stop_signal() {
  if (!stopping_.is_set()) return stopping_.set();
  log_.warning("daemon.stop.forced", {{"sessions", std::to_string(sessions_.size())}});
  sessions_.cancel_all();
}

Task<void> Daemon::life(std::vector<net::ListenSocket> sockets) {
  auto starting = start_service();
  const bool started = co_await starting;
  if (!started) status_ = 1;
  if (started && !stopping_.is_set()) {
    listen(std::move(sockets));
    tasks_.spawn("watchdog", give_signs_of_life());
    net::notify_manager("READY=1");
    co_await stopping_.wait();
  }
  auto ending = stop_service();
  co_await ending;
  loop_.stop();
}

// False when it failed; a stop signal ends the start early.
Task<bool> Daemon::start_service() {
  log_.event("daemon.start", {{"version", FWD_VERSION}, {"config", options_->file()}},
             LogLevel::kNotice);
  if (program_.uses_tls()) {
    auto loaded = load_tls(*options_);
    if (!loaded.ok()) {
      note_failure("daemon.start.failed", loaded.failure());
      co_return false;
    }
    tls_.replace(std::move(loaded).value());
  }
  std::string bug;
  try {
    service_ = program_.make(*this);
    auto starting = service_->start();
    auto stopping = wait_for(stopping_);
    const auto won = co_await first_of(std::move(starting), std::move(stopping));
    if (won.index() == 1 || std::get<0>(won).ok()) co_return true;
    note_failure("daemon.start.failed", std::get<0>(won).failure());
    co_return false;
  } catch (const std::exception& thrown) {
    bug = thrown.what();
  }
  log_.error("daemon.start.failed", {{"fault", "bug"}, {"why", bug}});
  co_return false;
}

void Daemon::listen(std::vector<net::ListenSocket> sockets) {
  std::vector<std::string> addresses;
  for (const net::ListenSocket& socket : sockets)
    addresses.push_back(socket.role + "=" + socket.address);
  net::ListenerHooks hooks;
  hooks.accepted = [this](std::unique_ptr<net::SocketStream> stream, const std::string& role) {
    sessions_.spawn(role, serve(std::move(stream), role));
  };
  hooks.refused = [this](const std::string& role, const PeerAddress& peer, net::Refusal why) {
    const bool of_address = why == net::Refusal::kTooManyFromAddress;
    log_.event("connection.refused",
               {{"role", role}, {"peer", peer.ip}, {"limit", of_address ? "address" : "all"}});
    const Role* known = find_role(role);
    const bool silent = known == nullptr || known->security == Security::kTlsFirst;
    return silent ? std::string() : service_->refusal(role);
  };
  hooks.paused = [this](const std::string& why) {
    log_.error("connection.paused", {{"why", why}});
  };
  listener_ =
      std::make_unique<net::Listener>(loop_, std::move(sockets), listener_limits(),
                                      program_.uses_tls() ? &tls_ : nullptr, std::move(hooks));
  log_.event("daemon.ready", {{"listens", join(addresses, " ")}}, LogLevel::kNotice);
}

Task<void> Daemon::serve(std::unique_ptr<net::SocketStream> stream, std::string role) {
  const Role* known = find_role(role);
  if (known == nullptr) co_return;  // switched off by a reload
  if (known->security == Security::kTlsFirst) {
    const std::string peer = stream->peer().ip;
    auto shaking = stream->start_tls();
    // Nobody was promised anything yet: a stop does not wait for strangers.
    auto stopping = wait_for(stopping_);
    const auto won = co_await first_of(std::move(shaking), std::move(stopping));
    if (won.index() == 1) co_return;
    const auto& shaken = std::get<0>(won);
    if (!shaken.ok()) {
      log_.event("tls.failed",
                 {{"role", role}, {"peer", peer}, {"why", shaken.failure().private_text}});
      co_return;
    }
  }
  auto serving = service_->serve(std::move(stream), std::move(role));
  co_await serving;
}

Task<void> Daemon::stop_service() {
  if (listener_) listener_->stop();
  stopping_.set();
  net::notify_manager("STOPPING=1");
  log_.event("daemon.stop", {{"sessions", std::to_string(sessions_.size())}}, LogLevel::kNotice);
  auto emptied = sessions_.wait_empty();
  auto too_long = clock().sleep(options_->time("daemon.stop-limit"));
  const auto won = co_await first_of(std::move(emptied), std::move(too_long));
  if (won.index() == 1)
    log_.warning("daemon.stop.forced", {{"sessions", std::to_string(sessions_.size())}});
  sessions_.cancel_all();
  if (service_ == nullptr || status_ != 0) co_return;
  auto finishing = service_->finish();
  co_await finishing;
  log_.event("daemon.end", std::vector<LogField>(), LogLevel::kNotice);
}

Task<void> Daemon::give_signs_of_life() {
  const auto limit = net::watchdog_limit();
  if (!limit) co_return;
  const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(*limit / 2);
  for (;;) {
    net::notify_manager("WATCHDOG=1");
    co_await clock().sleep(half);
  }
}

void Daemon::reload() {
  if (stopping_.is_set() || !listener_) return;
  const auto now = clock().now().time_since_epoch();
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  net::notify_manager("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
  if (take_new_options()) {
    log_.set_level(log_level(options_->choice("log.level")));
    listener_->set_limits(listener_limits());
    service_->reload();
    log_.event("daemon.reload", std::vector<LogField>(), LogLevel::kNotice);
  }
  net::notify_manager("READY=1");
}

// All or nothing: options and certificate of yesterday stay together.
bool Daemon::take_new_options() {
  config::Loaded loaded = config::load_options(source_);
  for (const config::OptionFault& fault : loaded.faults)
    log_.error("daemon.reload.refused", {{"fault", "bad-input"}, {"why", fault.line()}});
  if (!loaded.options) return false;
  if (program_.uses_tls()) {
    auto tls = load_tls(*loaded.options);
    if (!tls.ok()) {
      note_failure("daemon.reload.refused", tls.failure());
      return false;
    }
    tls_.replace(std::move(tls).value());
  }
  options_ = std::move(loaded.options);
  return true;
}

}  // namespace fwd::daemon
