#ifndef FWD_SERVICE_DELIVERY_RETRY_H
#define FWD_SERVICE_DELIVERY_RETRY_H

// When to try again.

#include <chrono>
#include <cstdint>

#include "crypto/random.h"

namespace fwd::delivery {

// The pause after `failures` attempts in a row that came to nothing: `first`
// after one, doubled by each, at most `longest`, each a third longer or
// shorter by chance, so that what failed together does not come back together.
std::chrono::milliseconds back_off(std::uint32_t failures, std::chrono::milliseconds first,
                                   std::chrono::milliseconds longest,
                                   const crypto::RandomBelow& random);

}  // namespace fwd::delivery

#endif
