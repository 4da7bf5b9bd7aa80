#ifndef FWD_TESTS_SUPPORT_FEED_DOOR_H
#define FWD_TESTS_SUPPORT_FEED_DOOR_H

// The fuzzer's way to the door: what any caller could send, to a whole server
// over stores in memory.

#include <cstddef>
#include <string_view>

#include "rpc/role.h"

namespace fwd::test {

// Plays a caller of `role` that sends `octets`, in reads of at most
// `most_per_read`, and hangs up.  A greeting and a login to object 1, an
// account with a few messages, have gone before when `logged_in`.
void feed_door(std::string_view octets, rpc::Role role, bool logged_in, std::size_t most_per_read);

}  // namespace fwd::test

#endif
