#ifndef FWD_STORAGE_MAILBOX_KEYWORDS_H
#define FWD_STORAGE_MAILBOX_KEYWORDS_H

// Each keyword's one spelling: the first ever used in the mailbox.

#include "core/outcome.h"
#include "model/flags.h"
#include "storage/mailbox/change.h"

namespace fwd::mailbox {

// `flags` with known bits only and keywords in the mailbox's spelling, sorted.
// New keywords are learned when `learn`; without it unknown ones are left out.
// kBadInput: not an atom; kOverLimit: too many or too long.
Outcome<model::Flags> spell_flags(Change& change, const model::Flags& flags, bool learn);

}  // namespace fwd::mailbox

#endif
