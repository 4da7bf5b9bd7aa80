#ifndef FWD_RPC_BUDGET_H
#define FWD_RPC_BUDGET_H

// A budget of octets that many share; who asks for more than is left waits his
// turn, first come first served.

#include <cstdint>
#include <list>

#include "core/event.h"
#include "core/task.h"

namespace fwd::rpc {

class BudgetShare;

// Must outlive its shares.
class Budget {
 public:
  explicit Budget(std::uint64_t capacity) : capacity_(capacity) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  std::uint64_t capacity() const { return capacity_; }
  std::uint64_t used() const { return used_; }

 private:
  friend class BudgetShare;
  void serve();
  std::uint64_t capacity_;
  std::uint64_t used_ = 0;
  std::list<BudgetShare*> waiting_;
};

// What one asker holds; given back when destroyed, waiting or not.
class BudgetShare {
 public:
  BudgetShare() = default;
  BudgetShare(const BudgetShare&) = delete;
  BudgetShare& operator=(const BudgetShare&) = delete;
  ~BudgetShare();
  // Returns when `octets` (at most the budget's capacity) are this share's.
  // At most once in a share's life.
  Task<void> take(Budget& budget, std::uint64_t octets);

 private:
  friend class Budget;
  Budget* budget_ = nullptr;
  std::uint64_t octets_ = 0;
  Event granted_;
};

}  // namespace fwd::rpc

#endif
