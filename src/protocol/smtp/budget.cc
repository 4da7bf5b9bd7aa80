// Shares out memory for content.
#include "protocol/smtp/budget.h"

#include <algorithm>

namespace fwd::smtp {
namespace {

// A message of 50 MB takes less over most lines.
constexpr std::chrono::seconds kUndisturbed(60);

}  // namespace

bool Budget::gives_way(const Share& share) const {
  return !share.is_kept_ && clock_.now() - share.since_ >= kUndisturbed;
}

// Whether there is room, or will be when the others have given way.
bool Budget::may_grow(const Share* asking, std::size_t more) const {
  std::size_t room = octets_ - used_;
  if (room >= more) return true;
  for (const Share* share : shares_)
    if (share != asking && gives_way(*share)) room += share->held_;
  return room >= more;
}

// By octets times seconds.
Budget::Share* Budget::find_costliest() const {
  Share* found = nullptr;
  double most = 0;
  for (Share* share : shares_) {
    if (!gives_way(*share)) continue;
    const std::chrono::duration<double> age = clock_.now() - share->since_;
    const double cost = static_cast<double>(share->held_) * age.count();
    if (cost > most) found = share;
    most = std::max(most, cost);
  }
  return found;
}

bool Budget::Share::grow_to(std::size_t total) {
  if (total <= held_) return true;
  const std::size_t more = total - held_;
  while (budget_.octets_ - budget_.used_ < more) {
    // When it is our own turn, or all of it would not do, nobody else is disturbed.
    Share* other = budget_.may_grow(this, more) ? budget_.find_costliest() : nullptr;
    if (other == nullptr || other == this) return false;
    other->release();
    other->lost_();
  }
  if (held_ == 0) {
    since_ = budget_.clock_.now();
    budget_.shares_.push_back(this);
  }
  budget_.used_ += more;
  held_ = total;
  return true;
}

void Budget::Share::release() {
  if (held_ == 0) return;
  budget_.used_ -= std::exchange(held_, 0);
  std::erase(budget_.shares_, this);
}

}  // namespace fwd::smtp
