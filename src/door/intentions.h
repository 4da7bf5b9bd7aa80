#ifndef FWD_DOOR_INTENTIONS_H
#define FWD_DOOR_INTENTIONS_H

// Carries out what the directory has decided about mailboxes (see
// storage/directory/intention.h): every step may be repeated, so what a crash or
// a failing disk cut short is finished later.

#include <string>

#include "door/open_mailboxes.h"
#include "door/stores.h"

namespace fwd::door {

class Intentions {
 public:
  // Both must outlive it.
  Intentions(Stores& stores, OpenMailboxes& mailboxes) : stores_(stores), mailboxes_(mailboxes) {}

  // For who shut the alias's gate.
  Task<Outcome<void>> carry_out(directory::Intention intention);
  // The same for the intention the alias has, if any.
  Task<Outcome<void>> settle(std::string alias_id);
  // All there are, but of those aliases that somebody is changing.  What fails
  // stays, and is told to `events`.
  Task<Outcome<void>> carry_out_all();

 private:
  Task<Outcome<void>> replace(directory::Intention intention);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
};

}  // namespace fwd::door

#endif
