#ifndef FWD_SERVICE_DELIVERY_SESSION_POOL_H
#define FWD_SERVICE_DELIVERY_SESSION_POOL_H

// Conversations that wait for another message to the same host under the same
// policy, and how many connections a host has from us at once.

#include <list>
#include <map>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/event.h"
#include "core/task_group.h"
#include "service/delivery/session.h"

namespace fwd::delivery {

struct PoolLimits {
  std::size_t per_host = 10;  // connections, idle ones too
  std::size_t idle = 50;      // in all
  std::chrono::milliseconds idle_for = std::chrono::seconds(10);
};

class SessionPool {
 public:
  // `tasks` runs good-byes; it is emptied before the pool is destroyed.
  SessionPool(Clock& clock, PoolLimits limits, TaskGroup& tasks)
      : clock_(clock), limits_(limits), tasks_(tasks) {}
  void set_limits(PoolLimits limits) { limits_ = limits; }
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  // Either an idle session or, when there is none, a place for another
  // connection to `host`.
  struct Turn {
    std::unique_ptr<RemoteSession> session;
    std::shared_ptr<void> place;
  };
  Task<Turn> enter(std::string key, std::string host);
  // Keeps a session that may be used again, for a while; says QUIT to others.
  void give(std::string key, std::unique_ptr<RemoteSession> session);
  // Says QUIT to all that are idle.
  void close_all();
  std::size_t idle() const { return idle_.size(); }

 private:
  struct Idle {
    std::string key;
    Instant until;
    std::unique_ptr<RemoteSession> session;
  };
  std::unique_ptr<RemoteSession> take(const std::string& key);
  std::shared_ptr<void> make_place(const std::string& host);
  void close_one_of(const std::string& host);
  void dismiss(std::unique_ptr<RemoteSession> session);
  static Task<void> say_goodbye(std::unique_ptr<RemoteSession> session);
  static Task<void> sweep(SessionPool& pool);

  Clock& clock_;
  PoolLimits limits_;
  TaskGroup& tasks_;
  std::map<std::string, std::size_t> connected_;  // by host; none of them 0
  Event changed_;                                 // pulsed when one is given or has left
  std::list<Idle> idle_;                          // oldest first
  bool sweeping_ = false;
  Event closing_;  // pulsed when all are closed
};

// What a session may be shared by: the same host and port, reached under the
// same demands.
std::string session_key(const RemoteHost& host, const mailauth::TlsPolicy& policy);

}  // namespace fwd::delivery

#endif
