// Waking those who wait for a flag.
#include "core/event.h"

namespace fwd {

void Event::Awaiter::await_suspend(std::coroutine_handle<> handle) {
  handle_ = handle;
  linked_ = true;
  previous_ = event_.last_;
  if (event_.last_ != nullptr) {
    event_.last_->next_ = this;
  } else {
    event_.first_ = this;
  }
  event_.last_ = this;
}

Event::Awaiter::~Awaiter() {
  if (linked_) event_.unlink(*this);
}

void Event::unlink(Awaiter& awaiter) {
  (awaiter.previous_ != nullptr ? awaiter.previous_->next_ : first_) = awaiter.next_;
  (awaiter.next_ != nullptr ? awaiter.next_->previous_ : last_) = awaiter.previous_;
  awaiter.next_ = awaiter.previous_ = nullptr;
  awaiter.linked_ = false;
}

void Event::set() {
  set_ = true;
  pulse();
}

void Event::pulse() {
  while (first_ != nullptr) {
    Awaiter& awaiter = *first_;
    unlink(awaiter);
    awaiter.ready_.make_ready(awaiter.handle_);
  }
}

}  // namespace fwd
