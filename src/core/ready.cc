// The thread's queue of coroutines that may go on.
#include "core/ready.h"

namespace fwd {

class ReadyQueue {
 public:
  ReadyQueue() { head_.next_ = head_.previous_ = &head_; }
  ~ReadyQueue() {
    while (!empty()) head_.next_->unlink();
    head_.next_ = head_.previous_ = nullptr;
  }

  bool empty() const { return head_.next_ == &head_; }

  void push(ReadyNode& node) {
    const bool first = empty();
    node.previous_ = head_.previous_;
    node.next_ = &head_;
    node.previous_->next_ = &node;
    head_.previous_ = &node;
    if (first && !draining_ && hook_ != nullptr) hook_(argument_);
  }

  void drain() {
    if (draining_) return;
    draining_ = true;
    while (!empty()) {
      ReadyNode* node = head_.next_;
      const std::coroutine_handle<> handle = node->handle_;
      node->unlink();
      handle.resume();  // may destroy the node
    }
    draining_ = false;
  }

  void set_hook(void (*hook)(void*), void* argument) {
    hook_ = hook;
    argument_ = argument;
  }

 private:
  ReadyNode head_;
  bool draining_ = false;
  void (*hook_)(void*) = nullptr;
  void* argument_ = nullptr;
};

namespace {

ReadyQueue& queue() {
  thread_local ReadyQueue ready;
  return ready;
}

}  // namespace

void ReadyNode::make_ready(std::coroutine_handle<> handle) {
  if (queued()) return;
  handle_ = handle;
  queue().push(*this);
}

void ReadyNode::unlink() {
  if (next_ == nullptr) return;
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

void run_ready() { queue().drain(); }

bool has_ready() { return !queue().empty(); }

void on_first_ready(void (*hook)(void* argument), void* argument) {
  queue().set_hook(hook, argument);
}

}  // namespace fwd
