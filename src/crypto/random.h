#ifndef FWD_CRYPTO_RANDOM_H
#define FWD_CRYPTO_RANDOM_H

// Random octets from the system (never fails: without randomness the process
// ends), and names made of them.

#include <cstddef>
#include <functional>
#include <string>

#include "core/clock.h"

namespace fwd::crypto {

// Prepares libsodium; false: it cannot be, and the daemon must not run.
// Everything in this folder calls it for itself.
bool start();

std::string random_octets(std::size_t size);
void fill_random(void* to, std::size_t size);

// A number from 0 to below the argument; 0 for 0.
std::size_t random_below(std::size_t bound);
// … or what stands for it, where a test wants its own.
using RandomBelow = std::function<std::size_t(std::size_t)>;

// An object's id: 24 hex digits, 4 octets of `now` (seconds since 1970) and 8
// random ones, so that ids sort by the time they were made.
std::string object_id(WallTime now);
// A short name for a session or a message in the log: ten letters and digits
// without look-alikes, 50 random bits.
std::string log_id();
// 24 lower-case hex digits.
bool is_object_id(std::string_view text);

}  // namespace fwd::crypto

#endif
