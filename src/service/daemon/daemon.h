#ifndef FWD_SERVICE_DAEMON_DAEMON_H
#define FWD_SERVICE_DAEMON_DAEMON_H

// A running daemon: its loop, log, options, certificates, sockets, sessions,
// and the signals that stop and reload it.
//
//   start ──> ready ──SIGHUP──> reload ──┐
//               │  <─────────────────────┘
//            SIGTERM or SIGINT: accept no more, stopping() is set
//               │
//            sessions end, at most daemon.stop-limit ──> finish

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/task_group.h"
#include "net/listener.h"
#include "net/loop.h"
#include "service/daemon/log_sink.h"
#include "service/daemon/program.h"

namespace fwd::daemon {

class Daemon {
 public:
  Daemon(const Program& program, net::Loop& loop, LogSink& log,
         std::shared_ptr<const config::Options> options, config::LoadRequest source);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  net::Loop& loop() { return loop_; }
  Clock& clock() { return loop_.clock(); }
  Log& log() { return log_; }
  // Today's options.  A reload replaces them: read values, keep no reference.
  const config::Options& options() const { return *options_; }
  // Set when the daemon has been asked to stop.
  Event& stopping() { return stopping_; }
  // Null when the program has no TLS.
  const net::TlsKeeper& tls() const { return tls_; }
  std::size_t sessions() const { return sessions_.size(); }
  // For tasks beside the sessions; destroyed after finish().
  TaskGroup& tasks() { return tasks_; }
  // workers.threads, or one for each processor.
  unsigned worker_threads() const;

  // Runs until stopped; gives the exit status.  For run() only.
  int live(std::vector<net::ListenSocket> sockets);

 private:
  Task<void> life(std::vector<net::ListenSocket> sockets);
  Task<bool> start_service();
  Task<void> stop_service();
  Task<void> give_signs_of_life();
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role);
  void listen(std::vector<net::ListenSocket> sockets);
  net::ListenerLimits listener_limits() const;
  const Role* find_role(std::string_view name) const;
  Outcome<std::shared_ptr<const net::TlsCredentials>> load_tls(const config::Options& options);
  void on_stop_signal();
  void reload();
  bool take_new_options();
  void note_failure(std::string_view event, const Failure& failure);

  const Program& program_;
  net::Loop& loop_;
  LogSink& log_;
  std::shared_ptr<const config::Options> options_;
  config::LoadRequest source_;
  net::TlsKeeper tls_;
  std::unique_ptr<net::Listener> listener_;  // set while ready; gone after finish
  std::unique_ptr<Service> service_;
  Event stopping_;
  TaskGroup tasks_;     // the daemon's own
  TaskGroup sessions_;  // one a connection; ends before service_
  Task<void> life_;
  int status_ = 0;
};

}  // namespace fwd::daemon

#endif
