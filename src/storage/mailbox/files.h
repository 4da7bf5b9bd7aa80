#ifndef FWD_STORAGE_MAILBOX_FILES_H
#define FWD_STORAGE_MAILBOX_FILES_H

// Mailbox files as names on the disk: removing one, putting the next one in its
// place, finding all.  Blocking.  Faults: kUnavailable.
//
//   ab/<id>.sqlite            the mailbox, with -wal and -shm beside it while open
//   ab/<id>.sqlite.next       one made whole, that is to take its place
//   ab/<id>.sqlite[.next].new one being made

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"

namespace fwd::mailbox {

std::string next_path(const std::string& path);
Outcome<bool> is_there(const std::string& path);

// Removes the mailbox at `path`, durably, and all that stands beside it; success
// when there is nothing.
Outcome<void> remove_mailbox(const std::string& path);
// Removes what was to take its place.
Outcome<void> remove_next(const std::string& path);
// Puts the next one in its place, durably; success when there is no next one.
Outcome<void> put_next(const std::string& path);

struct FoundFile {
  std::string alias_id;  // by its name; empty: it is no mailbox's
  std::string path;
  bool is_mailbox = false;  // not something beside one
  std::uint64_t octets = 0;
};
// Every file below `folder`; what stands beside a mailbox while it is open goes
// with it.  Names that are no mailbox's are found too.
Outcome<std::vector<FoundFile>> find_files(const std::string& folder);

}  // namespace fwd::mailbox

#endif
