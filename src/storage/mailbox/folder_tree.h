#ifndef FWD_STORAGE_MAILBOX_FOLDER_TREE_H
#define FWD_STORAGE_MAILBOX_FOLDER_TREE_H

// Making and renaming rows of folders, with their parents and
// children, inside a change.

#include <string>
#include <vector>

#include "core/outcome.h"
#include "storage/mailbox/change.h"
#include "storage/mailbox/folder_name.h"

namespace fwd::mailbox {

// A new folder at a normal path, and what parents it lacks (not selectable).
// The row is the change's.  kOverLimit: too many folders.
Outcome<FolderRow*> add_folder(Change& change, const std::string& path, bool selectable);

// Adds those parents of a normal path that do not exist.
Outcome<void> add_parents(Change& change, const std::string& path);

// All folders below a path, nearest first.
Outcome<std::vector<FolderRow>> list_below(sqlcipher::Database& database, const std::string& path);

// Counts, UIDs and records of a folder without messages.
void empty_row(FolderRow& row);

// A path may be used again.  When a folder leaves it, its UIDVALIDITY is noted;
// a folder that comes to it by renaming gets a new one when its own is lower,
// because a client may hold UIDs of the former (RFC 9051 §2.3.1.1).
Outcome<void> note_former_name(Change& change, const model::Folder& folder);
Outcome<void> take_name(Change& change, FolderRow& row, const std::string& path);

}  // namespace fwd::mailbox

#endif
