#ifndef FWD_PROTOCOL_SMTP_BUDGET_H
#define FWD_PROTOCOL_SMTP_BUDGET_H

// How many octets of message content all sessions of a daemon may hold at
// once.  A session takes a Share and grows it as content comes; a share gives
// back what it holds when it is destroyed or released.  One thread.
//
// Nobody can shut others out by sending much and then little: when there is no
// room, content that is still on its way after a minute gives way, the one
// first that has held most for longest.
//
// What a policy makes of a message (packed chunks, trace lines) comes on top:
// expect about three times the budget at the worst moment.

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace fwd::smtp {

class Budget {
 public:
  // `clock` must outlive it.
  Budget(std::size_t octets, const Clock& clock) : octets_(octets), clock_(clock) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  std::size_t used() const { return used_; }
  // Whether a newcomer may hold so much, now that others give way.
  bool may_hold(std::size_t octets) const { return may_grow(nullptr, octets); }

  class Share {
   public:
    // `lost` is called when this share gives way; it has released all by then.
    Share(Budget& budget, std::function<void()> lost) : budget_(budget), lost_(std::move(lost)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { release(); }

    // Holds `total` octets from now on; false, and unchanged, when the budget
    // does not have them.
    bool grow_to(std::size_t total);
    // The content is whole: it gives way no more.
    void keep() { is_kept_ = true; }
    void release();

   private:
    friend class Budget;
    Budget& budget_;
    std::function<void()> lost_;
    std::size_t held_ = 0;
    Instant since_;  // when it first held anything
    bool is_kept_ = false;
  };

 private:
  bool gives_way(const Share& share) const;
  bool may_grow(const Share* asking, std::size_t more) const;
  Share* find_costliest() const;

  const std::size_t octets_;
  const Clock& clock_;
  std::size_t used_ = 0;
  std::vector<Share*> shares_;  // those that hold something
};

}  // namespace fwd::smtp

#endif
