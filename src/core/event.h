#ifndef FWD_CORE_EVENT_H
#define FWD_CORE_EVENT_H

// Event: a flag coroutines of one thread can wait for.  Stays set until
// clear(); every waiter of the moment is woken.  Waiting is safe to cancel by
// destroying the waiting task.  An Event must outlive its waiters.

#include <coroutine>

#include "core/ready.h"

namespace fwd {

class Event {
 public:
  class Awaiter {
   public:
    explicit Awaiter(Event& event) : event_(event) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter();
    bool await_ready() const noexcept { return event_.set_; }
    void await_suspend(std::coroutine_handle<> handle);
    void await_resume() const noexcept {}

   private:
    friend class Event;
    Event& event_;
    std::coroutine_handle<> handle_;
    ReadyNode ready_;
    Awaiter* next_ = nullptr;
    Awaiter* previous_ = nullptr;
    bool linked_ = false;
  };

  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool is_set() const { return set_; }
  void set();
  void clear() { set_ = false; }
  // Wakes today's waiters without staying set.
  void pulse();

  // `co_await event.wait();` returns at once when the event is set.
  Awaiter wait() { return Awaiter(*this); }

 private:
  void unlink(Awaiter& awaiter);
  Awaiter* first_ = nullptr;
  Awaiter* last_ = nullptr;
  bool set_ = false;
};

}  // namespace fwd

#endif
