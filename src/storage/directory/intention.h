#ifndef FWD_STORAGE_DIRECTORY_INTENTION_H
#define FWD_STORAGE_DIRECTORY_INTENTION_H

// An intention: what the directory has decided about a mailbox, while its file
// and its spooled mail have not followed yet.  At most one for an alias.
//
//   no mailbox, or one --begin anew--> kPrepare --new credentials--> kReplace --> done
//   an alias           --remove------> kRemove ----------------------------------> done
//
// Only what an intention names may ever be deleted.

#include <cstdint>
#include <string>

namespace fwd::directory {

// The numbers stand in files: never renumber.
enum class IntentionKind : std::uint8_t {
  kRemove = 1,   // the alias is gone: its file and its spooled mail go
  kPrepare = 2,  // a next file is being made; it goes, what was there stays
  kReplace = 3,  // the next file's keys are in force: it takes the place of what was
                 // there, and mail spooled before, sealed to the old key, goes
};

struct Intention {
  std::string alias_id;
  IntentionKind kind = IntentionKind::kRemove;
  std::int64_t spool_up_to = 0;  // kReplace: entries above are sealed to the new key
  std::int64_t since = 0;        // seconds since 1970
};

}  // namespace fwd::directory

#endif
