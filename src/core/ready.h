#ifndef FWD_CORE_READY_H
#define FWD_CORE_READY_H

// The thread's queue of coroutines that may go on.  Whoever wakes a coroutine
// (an Event, a worker's answer, a hand-turned clock) queues it here instead of
// resuming it on the spot, so no coroutine ever runs inside another one's
// stack, and a task tree may be destroyed by whatever runs.
// The event loop drains the queue after every callback; tests drain it by hand.

#include <coroutine>

namespace fwd {

// One place in the queue.  Unlinks itself when destroyed, so an awaiter that
// holds one is safe to destroy at any moment.
class ReadyNode {
 public:
  ReadyNode() = default;
  ReadyNode(const ReadyNode&) = delete;
  ReadyNode& operator=(const ReadyNode&) = delete;
  ~ReadyNode() { unlink(); }

  // Queues `handle`; does nothing when this node is queued already.
  void make_ready(std::coroutine_handle<> handle);
  bool queued() const { return next_ != nullptr; }
  void unlink();

 private:
  friend class ReadyQueue;
  ReadyNode* next_ = nullptr;
  ReadyNode* previous_ = nullptr;
  std::coroutine_handle<> handle_;
};

// Resumes what is queued on this thread, and what that queues in turn, until
// nothing is left.
void run_ready();

// True when something waits to be resumed.
bool has_ready();

// Called when the queue of this thread goes from empty to filled outside
// run_ready(), so that an event loop can arrange to drain it.
void on_first_ready(void (*hook)(void* argument), void* argument);

}  // namespace fwd

#endif
