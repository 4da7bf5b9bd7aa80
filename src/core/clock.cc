// The clock that tests turn by hand.
#include "core/clock.h"

namespace fwd {

class HandClock::Sleeper {
 public:
  Sleeper(HandClock& clock, Instant when) : clock_(clock), when_(when) {}
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() { forget(); }

  bool await_ready() const noexcept { return when_ <= clock_.now_; }
  void await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    place_ = clock_.sleepers_.emplace(when_, this);
    linked_ = true;
  }
  void await_resume() const noexcept {}
  void wake() {
    forget();
    ready_.make_ready(handle_);
  }

 private:
  void forget() {
    if (linked_) clock_.sleepers_.erase(place_);
    linked_ = false;
  }
  HandClock& clock_;
  Instant when_;
  std::coroutine_handle<> handle_;
  ReadyNode ready_;
  std::multimap<Instant, Sleeper*>::iterator place_;
  bool linked_ = false;
};

Task<void> HandClock::sleep_until(Instant when) {
  Sleeper sleeper(*this, when);
  co_await sleeper;
}

void HandClock::turn(std::chrono::milliseconds by) {
  const Instant end = now_ + by;
  wall_ += by;
  run_ready();
  while (!sleepers_.empty() && sleepers_.begin()->first <= end) {
    now_ = std::max(now_, sleepers_.begin()->first);
    sleepers_.begin()->second->wake();
    run_ready();
  }
  now_ = end;
}

}  // namespace fwd
