// Looks at the age of the queue, and at its day.
#include "door/queue_watch.h"

namespace fwd::door {
namespace {

constexpr auto kPause = std::chrono::minutes(5);

}  // namespace

Task<void> QueueWatch::run() {
  for (;;) {
    co_await look();
    co_await clock_.sleep(kPause);
  }
}

Task<void> QueueWatch::look() {
  co_await look_at_day();
  co_await look_at_age();
}

Task<void> QueueWatch::look_at_day() {
  const auto day = co_await store_.close_day();
  if (!day.ok() || !day.value() || !events_.on_queue_day) co_return;
  const auto stat = co_await store_.stat();
  events_.on_queue_day(*day.value(), stat.ok() ? stat.value() : model::QueueStat{});
}

Task<void> QueueWatch::look_at_age() {
  std::optional<queue::OldMessage> old;
  if (age_.count() > 0) {
    const std::int64_t before = unix_milliseconds(clock_.wall()) - age_.count();
    auto found = co_await store_.find_old(before);
    if (!found.ok()) co_return;
    old = std::move(found).value();
  }
  if (old.has_value() == is_old_) co_return;
  is_old_ = old.has_value();
  if (events_.on_queue_age) events_.on_queue_age(old);
}

}  // namespace fwd::door
