// Sharing a budget of octets.
#include "rpc/budget.h"

#include <algorithm>

namespace fwd::rpc {

void Budget::serve() {
  while (!waiting_.empty() && waiting_.front()->octets_ <= capacity_ - used_) {
    BudgetShare& first = *waiting_.front();
    waiting_.pop_front();
    used_ += first.octets_;
    first.granted_.set();
  }
}

BudgetShare::~BudgetShare() {
  if (budget_ == nullptr) return;
  if (granted_.is_set()) {
    budget_->used_ -= octets_;
  } else {
    budget_->waiting_.remove(this);
  }
  budget_->serve();
}

Task<void> BudgetShare::take(Budget& budget, std::uint64_t octets) {
  budget_ = &budget;
  octets_ = std::min(octets, budget.capacity());
  budget.waiting_.push_back(this);
  budget.serve();
  co_await granted_.wait();
}

}  // namespace fwd::rpc
