// The event loop of one thread.
#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "net/loop_wait.h"

namespace fwd::net {
namespace {

// True while a callback of this thread's loop runs: it drains the queue itself.
thread_local bool in_callback = false;
// Whose loop the thread's ready queue tells of its first entry.
thread_local void* hooked = nullptr;

class LoopClock final : public Clock {
 public:
  explicit LoopClock(event_base* base) : base_(base) {}
  Instant now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
  Task<void> sleep_until(Instant when) override {
    LoopTimer timer(base_, when);
    co_await timer;
  }

 private:
  event_base* base_;
};

// Without locks: other threads only reach the loop through post().
event_base* new_base() {
  event_config* wish = event_config_new();
  event_config_set_flag(wish, EVENT_BASE_FLAG_NOLOCK);
  event_base* base = event_base_new_with_config(wish);
  event_config_free(wish);
  if (base == nullptr) throw std::runtime_error("the event loop cannot be made");
  return base;
}

}  // namespace

CallbackScope::CallbackScope() { in_callback = true; }

CallbackScope::~CallbackScope() {
  run_ready();
  in_callback = false;
}

LoopTimer::~LoopTimer() {
  if (armed_) event_del(&event_);
}

bool LoopTimer::await_ready() const noexcept {
  return !always_waits_ && when_ <= std::chrono::steady_clock::now();
}

void LoopTimer::await_suspend(std::coroutine_handle<> handle) {
  handle_ = handle;
  event_assign(&event_, base_, -1, 0, &LoopTimer::fire, this);
  arm();
}

void LoopTimer::arm() {
  using std::chrono::microseconds;
  constexpr microseconds kLongest = std::chrono::hours(24 * 30);
  microseconds wait{0};
  if (!always_waits_) {
    const auto span = std::max(Instant::duration{0}, when_ - std::chrono::steady_clock::now());
    wait = std::min(kLongest, std::chrono::ceil<microseconds>(span));
  }
  timeval time{};
  time.tv_sec = static_cast<time_t>(wait.count() / 1000000);
  time.tv_usec = static_cast<suseconds_t>(wait.count() % 1000000);
  armed_ = true;
  event_add(&event_, &time);
}

void LoopTimer::fire(evutil_socket_t, short, void* self) noexcept {
  const CallbackScope scope;
  auto& timer = *static_cast<LoopTimer*>(self);
  // libevent counts by a coarser clock and may be some milliseconds early.
  if (!timer.always_waits_ && timer.when_ > std::chrono::steady_clock::now()) {
    timer.arm();
    return;
  }
  timer.armed_ = false;
  timer.ready_.make_ready(timer.handle_);
}

struct Loop::Inside {
  struct Signal {
    std::function<void()> handler;
    event* caught = nullptr;
  };

  event_base* base = new_base();
  LoopClock clock{base};
  event* drain = nullptr;  // runs the ready queue when it was filled between callbacks
  event* wake = nullptr;   // another thread has posted
  int wake_fd = -1;
  std::vector<std::unique_ptr<Signal>> signals;
  bool stopping = false;

  std::mutex lock;
  std::vector<std::function<void()>> posted;  // under lock

  static void on_drain(evutil_socket_t, short, void*) noexcept { const CallbackScope scope; }

  static void on_first(void* argument) {
    if (!in_callback) event_active(static_cast<Inside*>(argument)->drain, EV_TIMEOUT, 0);
  }

  void hook() {
    hooked = this;
    on_first_ready(&Inside::on_first, this);
  }
  void unhook() {
    if (hooked != this) return;
    hooked = nullptr;
    on_first_ready(nullptr, nullptr);
  }

  static void on_wake(evutil_socket_t, short, void* argument) noexcept {
    auto& self = *static_cast<Inside*>(argument);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(self.wake_fd, &count, sizeof count);
    std::vector<std::function<void()>> work;
    {
      const std::lock_guard guard(self.lock);
      work.swap(self.posted);
    }
    for (std::function<void()>& one : work) {
      const CallbackScope scope;
      one();
      one = nullptr;
    }
  }

  static void on_caught(evutil_socket_t, short, void* argument) noexcept {
    const CallbackScope scope;
    static_cast<Signal*>(argument)->handler();
  }
};

Loop::Loop() : inside_(std::make_unique<Inside>()) {
  Inside& in = *inside_;
  in.wake_fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (in.wake_fd < 0) throw std::runtime_error("no descriptor is left for the event loop");
  in.drain = event_new(in.base, -1, 0, &Inside::on_drain, &in);
  in.wake = event_new(in.base, in.wake_fd, EV_READ | EV_PERSIST, &Inside::on_wake, &in);
  event_add(in.wake, nullptr);
  in.hook();
}

Loop::~Loop() {
  Inside& in = *inside_;
  in.unhook();
  for (const auto& signal : in.signals) event_free(signal->caught);
  event_free(in.wake);
  event_free(in.drain);
  event_base_free(in.base);
  ::close(in.wake_fd);
}

void Loop::run() {
  Inside& in = *inside_;
  in.hook();
  if (has_ready()) event_active(in.drain, EV_TIMEOUT, 0);
  while (!in.stopping) event_base_loop(in.base, EVLOOP_NO_EXIT_ON_EMPTY);
  in.stopping = false;
}

void Loop::stop() {
  inside_->stopping = true;
  event_base_loopbreak(inside_->base);
}

void Loop::post(std::function<void()> work) {
  Inside& in = *inside_;
  // The wake is written under the lock: once the loop has taken this work it
  // may go away, and `wake_fd` with it.
  const std::lock_guard guard(in.lock);
  in.posted.push_back(std::move(work));
  if (in.posted.size() > 1) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(in.wake_fd, &one, sizeof one);
}

Clock& Loop::clock() { return inside_->clock; }

void Loop::on_signal(int signal, std::function<void()> handler) {
  auto entry = std::make_unique<Inside::Signal>();
  entry->handler = std::move(handler);
  entry->caught = evsignal_new(inside_->base, signal, &Inside::on_caught, entry.get());
  event_add(entry->caught, nullptr);
  inside_->signals.push_back(std::move(entry));
}

event_base* Loop::base() const { return inside_->base; }

}  // namespace fwd::net
