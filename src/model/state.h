#ifndef FWD_MODEL_STATE_H
#define FWD_MODEL_STATE_H

// State: small facts with a short life: counters with windows, set-if-absent,
// locks.  Each kind of daemon has its own, shared by all of that kind: what one
// keeps no other can read, change or crowd out.  Keys are plain text
// ("connections:192.0.2.1"), at most 512 octets; values at most 64 KB.  A keeper
// has only so much room: further counters push out those that end soonest,
// further values and locks are refused (kOverLimit).  What strangers make at
// will has rooms of its own: see kRooms.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd::model {

// A key that begins with one of these and ":" is in a room apart, whatever its kind: it
// takes nothing from other keys, and never is refused for want of room; the one of
// its room that ends soonest goes instead.
inline constexpr std::string_view kRooms[] = {"grey.around",   "grey.new",      "grey.wait",
                                              "grey.pass",     "grey.net",      "verdicts.named",
                                              "verdicts.good", "verdicts.host", "verdicts.seen",
                                              "verdicts.bad",  "verdicts.new"};

struct Count {
  std::uint64_t value = 0;           // after adding
  std::chrono::seconds resets_in{};  // until the window ends
};

class State {
 public:
  virtual ~State() = default;
  // Adds `by` to the counter; a counter that does not exist starts at 0 with a
  // window that ends after `window`.
  virtual Task<Outcome<Count>> add(std::string key, std::int64_t by,
                                   std::chrono::seconds window) = 0;
  virtual Task<Outcome<std::optional<std::string>>> get(std::string key) = 0;
  virtual Task<Outcome<void>> set(std::string key, std::string value,
                                  std::chrono::seconds life) = 0;
  // True when the key was absent and is now set.
  virtual Task<Outcome<bool>> set_if_absent(std::string key, std::string value,
                                            std::chrono::seconds life) = 0;
  virtual Task<Outcome<void>> remove(std::string key) = 0;
  // A lock held by `owner` for at most `life`; false when another holds it.
  // Taking it again as the same owner prolongs it.
  virtual Task<Outcome<bool>> lock(std::string key, std::string owner,
                                   std::chrono::seconds life) = 0;
  virtual Task<Outcome<void>> unlock(std::string key, std::string owner) = 0;
};

}  // namespace fwd::model

#endif
