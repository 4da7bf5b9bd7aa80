#ifndef FWD_SERVICE_DELIVERY_GATE_H
#define FWD_SERVICE_DELIVERY_GATE_H

// A number of places that is shared out: octets of memory, connections to one
// host.  Who asks for more than there is waits.

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/event.h"
#include "core/task.h"

namespace fwd::delivery {

class Gate {
 public:
  explicit Gate(std::size_t places) : places_(places) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Gives its places back when destroyed.  The gate must outlive it.
  class Share {
   public:
    Share() = default;
    Share(Gate& gate, std::size_t held) : gate_(&gate), held_(held) {}
    Share(Share&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), held_(std::exchange(other.held_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(gate_, other.gate_);
      std::swap(held_, other.held_);
      return *this;
    }
    ~Share() {
      if (gate_ == nullptr) return;
      gate_->used_ -= held_;
      gate_->changed_.pulse();
    }

   private:
    Gate* gate_ = nullptr;
    std::size_t held_ = 0;
  };

  // Waits for `wanted` places, or for all there are when it wants more.
  Task<Share> enter(std::size_t wanted) {
    wanted = std::min(wanted, places_);
    while (places_ - used_ < wanted) co_await changed_.wait();
    used_ += wanted;
    co_return Share(*this, wanted);
  }
  std::size_t used() const { return used_; }

 private:
  std::size_t places_;
  std::size_t used_ = 0;
  Event changed_;
};

}  // namespace fwd::delivery

#endif
