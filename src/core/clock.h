#ifndef FWD_CORE_CLOCK_H
#define FWD_CORE_CLOCK_H

// The only way to learn the time or to wait for it.  `make check` refuses any
// other: a test turns a HandClock and nothing ever sleeps.

#include <chrono>
#include <coroutine>
#include <map>
#include <optional>
#include <utility>

#include "core/first_of.h"
#include "core/ready.h"
#include "core/task.h"

namespace fwd {

using Instant = std::chrono::time_point<std::chrono::steady_clock>;
using WallTime = std::chrono::time_point<std::chrono::system_clock>;

class Clock {
 public:
  virtual ~Clock() = default;
  // Never goes back; for time-outs.
  virtual Instant now() const = 0;
  // The calendar's time; for dates that people and databases see.
  virtual WallTime wall() const = 0;
  virtual Task<void> sleep_until(Instant when) = 0;

  Task<void> sleep(std::chrono::milliseconds span) { return sleep_until(now() + span); }
};

// Seconds since 1970-01-01 UTC.
inline std::int64_t unix_seconds(WallTime when) {
  return std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count();
}
inline std::int64_t unix_milliseconds(WallTime when) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

// Awaits `work`; gives nothing when `deadline` comes first (`work` is then
// destroyed).  T must not be void.
template <typename T>
Task<std::optional<T>> before(Clock& clock, Instant deadline, Task<T> work) {
  auto won = co_await first_of(std::move(work), clock.sleep_until(deadline));
  if (won.index() == 1) co_return std::nullopt;
  co_return std::get<0>(std::move(won));
}

// A clock a test turns by hand.  turn() wakes every sleeper that is due, in
// order of time, and runs what they wake.
class HandClock final : public Clock {
 public:
  HandClock() = default;
  explicit HandClock(WallTime start) : wall_(start) {}
  Instant now() const override { return now_; }
  WallTime wall() const override { return wall_; }
  Task<void> sleep_until(Instant when) override;
  void turn(std::chrono::milliseconds by);
  // The calendar alone, as when the machine slept or somebody set its clock.
  void set_calendar(WallTime to) { wall_ = to; }

 private:
  class Sleeper;
  Instant now_{};
  WallTime wall_{std::chrono::seconds(1767225600)};  // 2026-01-01T00:00:00Z
  std::multimap<Instant, Sleeper*> sleepers_;
};

}  // namespace fwd

#endif
