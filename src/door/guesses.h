#ifndef FWD_DOOR_GUESSES_H
#define FWD_DOOR_GUESSES_H

// Counts wrong passwords, and lets nobody guess on who has been wrong too often.
//
// A guesser is named by his address (an IPv6 host by its /64), or, where none is
// known, by the alias he guesses at.

#include <memory>
#include <string>
#include <unordered_map>

#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "door/stores.h"

namespace fwd::door {

class Guesses {
 public:
  // A password that is being checked, until it is gone.
  using Turn = std::shared_ptr<void>;

  // `stores` must outlive it.
  explicit Guesses(Stores& stores) : stores_(stores) {}
  Guesses(const Guesses&) = delete;
  Guesses& operator=(const Guesses&) = delete;

  // Empty for an empty address: such a guesser is not counted.
  static std::string at_address(const std::string& peer_ip);
  static std::string at_alias(const std::string& alias_id);

  // kBusy when `guesser` has been wrong too often.
  Task<Outcome<void>> check(std::string guesser);
  // Returns when a wrong password more would not pass the limit, whatever comes
  // of those being checked.  kBusy.
  Task<Outcome<Turn>> take_turn(std::string guesser);
  // Counts a wrong password, ends its turn, waits until `began` + the delay,
  // gives `answer`.
  Task<Failure> refuse(std::string guesser, Turn turn, Instant began, Failure answer);

 private:
  struct Checked {
    std::size_t under_way = 0;
    Event ended;  // pulsed when one has
  };

  Stores& stores_;
  std::unordered_map<std::string, std::weak_ptr<Checked>> checked_;  // those under way
};

}  // namespace fwd::door

#endif
