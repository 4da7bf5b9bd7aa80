#ifndef FWD_CORE_OUTCOME_H
#define FWD_CORE_OUTCOME_H

// Outcome<T>: either a value, or a Failure that says whose fault it was.
//
// A Failure carries two texts.  `public_text` may be shown to the person at
// the other end of the wire; `private_text` goes to the log only.  Keeping
// them apart is what stops a path or a query from leaking into a reply.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace fwd {

// One word per answer a protocol can give.  Each protocol room maps these to
// its own codes in exactly one file: <room>/failure_reply.cc.  The numbers
// travel between daemons: add at the end, never renumber.
enum class Fault : std::uint8_t {
  kBadInput = 1,    // the peer broke the grammar
  kWrongState = 2,  // right grammar, wrong moment
  kDenied = 3,      // not allowed, and retrying will not help
  kNotFound = 4,
  kExists = 5,
  kOverLimit = 6,    // a size or count that no retry will make fit
  kBusy = 7,         // a rate or a lock: try again later
  kUnavailable = 8,  // something we depend on is down
  kCorrupt = 9,      // our own data is wrong
  kBug = 10,         // our own code is wrong
  kClosed = 11,      // the peer has gone
  kTimeout = 12,     // the peer was silent for too long
  kBadLogin = 13,    // wrong name or password; the two are never told apart
  kOverQuota = 14,   // the mailbox is full; retrying may help once it is emptied
  kCannot = 15,      // understood, and not something this object can ever do
};

// The fault's name as logs and --json spell it: "bad-input", "over-limit", …
const char* fault_name(Fault fault);

struct Failure {
  Fault fault = Fault::kBug;
  std::string public_text;   // for the peer
  std::string private_text;  // for the log; empty when there is nothing to add
};

template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}

  bool ok() const { return held_.index() == 0; }
  const T& value() const& { return std::get<0>(held_); }
  T& value() & { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  const Failure& failure() const { return std::get<1>(held_); }

 private:
  std::variant<T, Failure> held_;
};

// Success without a value: `return {};`.
template <>
class [[nodiscard]] Outcome<void> {
 public:
  Outcome() = default;
  Outcome(Failure failure) : failure_(std::move(failure)) {}

  bool ok() const { return !failure_.has_value(); }
  const Failure& failure() const { return *failure_; }

 private:
  std::optional<Failure> failure_;
};

}  // namespace fwd

#endif
