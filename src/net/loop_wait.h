#ifndef FWD_NET_LOOP_WAIT_H
#define FWD_NET_LOOP_WAIT_H

// What callbacks of the event loop and coroutines that wait for its timer
// share.  For net/ only.

#include <event2/event.h>
#include <event2/event_struct.h>

#include <coroutine>

#include "core/clock.h"
#include "core/ready.h"

namespace fwd::net {

// Stands first in every libevent callback; when it ends, all coroutines that
// the callback made ready have run.  They may have destroyed the callback's
// object: nothing may be touched after it.
class CallbackScope {
 public:
  CallbackScope();
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
  ~CallbackScope();
};

// `co_await LoopTimer(base, when)` goes on at `when`, or at once when it has
// passed.  `co_await LoopTimer(base)` lets every other connection that is
// ready have its turn first.
class LoopTimer {
 public:
  LoopTimer(event_base* base, Instant when) : base_(base), when_(when) {}
  explicit LoopTimer(event_base* base) : base_(base), when_(Instant::min()), always_waits_(true) {}
  LoopTimer(const LoopTimer&) = delete;
  LoopTimer& operator=(const LoopTimer&) = delete;
  ~LoopTimer();

  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> handle);
  void await_resume() const noexcept {}

 private:
  static void fire(evutil_socket_t, short, void* self) noexcept;
  void arm();

  event_base* base_;
  Instant when_;
  bool always_waits_ = false;
  bool armed_ = false;
  std::coroutine_handle<> handle_;
  ReadyNode ready_;
  struct event event_ {};
};

}  // namespace fwd::net

#endif
