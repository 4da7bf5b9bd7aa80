#ifndef FWD_PROTOCOL_SMTP_BUDGET_H
#define FWD_PROTOCOL_SMTP_BUDGET_H

// How many octets of message content all sessions of a daemon may hold at
// once.  A session takes a Share and grows it as content comes; a share gives
// back what it holds when it is destroyed or released.  One thread.
//
// What a policy makes of a message (packed chunks, trace lines) comes on top:
// expect about three times the budget at the worst moment.

#include <cstddef>

namespace fwd::smtp {

class Budget {
 public:
  explicit Budget(std::size_t octets) : octets_(octets) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  std::size_t used() const { return used_; }
  bool has_room(std::size_t octets) const { return octets_ - used_ >= octets; }

  class Share {
   public:
    explicit Share(Budget& budget) : budget_(budget) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { release(); }

    // Holds `total` octets from now on; false, and unchanged, when the budget
    // does not have them.
    bool grow_to(std::size_t total) {
      if (total <= held_) return true;
      if (!budget_.has_room(total - held_)) return false;
      budget_.used_ += total - held_;
      held_ = total;
      return true;
    }
    void release() {
      budget_.used_ -= held_;
      held_ = 0;
    }

   private:
    Budget& budget_;
    std::size_t held_ = 0;
  };

 private:
  std::size_t octets_;
  std::size_t used_ = 0;
};

}  // namespace fwd::smtp

#endif
