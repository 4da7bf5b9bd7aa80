// Works out pauses.
#include "service/delivery/retry.h"

#include <algorithm>

namespace fwd::delivery {

std::chrono::milliseconds back_off(std::uint32_t failures, std::chrono::milliseconds first,
                                   std::chrono::milliseconds longest,
                                   const crypto::RandomBelow& random) {
  std::int64_t pause = std::min(first, longest).count();
  for (std::uint32_t i = 1; i < failures && pause < longest.count(); ++i)
    pause = std::min<std::int64_t>(pause * 2, longest.count());
  const std::int64_t third = pause / 3;
  const auto chance = static_cast<std::int64_t>(random(static_cast<std::size_t>(2 * third + 1)));
  return std::chrono::milliseconds(pause - third + chance);
}

}  // namespace fwd::delivery
