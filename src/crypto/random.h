#ifndef FWD_CRYPTO_RANDOM_H
#define FWD_CRYPTO_RANDOM_H

// Random octets from the system (never fails: without randomness the process
// ends), and names made of them.

#include <cstddef>
#include <string>

#include "core/clock.h"

namespace fwd::crypto {

// Prepares libsodium; false: it cannot be, and the daemon must not run.
// Everything in this folder calls it for itself.
bool start();

std::string random_octets(std::size_t size);
void fill_random(void* to, std::size_t size);

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
