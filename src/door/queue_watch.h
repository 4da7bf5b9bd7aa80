#ifndef FWD_DOOR_QUEUE_WATCH_H
#define FWD_DOOR_QUEUE_WATCH_H

// Watches the queue for the operator: says once when mail waits too long and
// once when none does any more, and gives the figures of each day (UTC).

#include <chrono>

#include "core/clock.h"
#include "door/stores.h"
#include "storage/queue/queue_store.h"

namespace fwd::door {

class QueueWatch {
 public:
  // All must outlive it.  `age`: how long mail may wait; 0: as long as it likes.
  QueueWatch(queue::QueueStore& store, Clock& clock, const Events& events,
             std::chrono::milliseconds age)
      : store_(store), clock_(clock), events_(events), age_(age) {}

  void set_age(std::chrono::milliseconds age) { age_ = age; }
  // Looks every few minutes, for ever.
  Task<void> run();
  // What cannot be had is looked for again the next time.
  Task<void> look();

 private:
  Task<void> look_at_day();
  Task<void> look_at_age();

  queue::QueueStore& store_;
  Clock& clock_;
  const Events& events_;
  std::chrono::milliseconds age_;
  bool is_old_ = false;  // it was told that mail waits too long
};

}  // namespace fwd::door

#endif
