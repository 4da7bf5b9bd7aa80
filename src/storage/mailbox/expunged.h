#ifndef FWD_STORAGE_MAILBOX_EXPUNGED_H
#define FWD_STORAGE_MAILBOX_EXPUNGED_H

// Which UIDs of a folder are gone and since when, for QRESYNC (RFC 7162).  The
// records are bounded: the oldest are dropped, and the folder remembers up to
// which modseq its records are no longer whole.

#include "core/outcome.h"
#include "model/uid_set.h"
#include "storage/mailbox/change.h"

namespace fwd::mailbox {

// Notes that `uids` went with the change's modseq; touches the folder.
Outcome<void> note_expunged(Change& change, FolderRow& row, const model::UidSet& uids);

// What went after `since`; meaningful when `since` >= row.expunged_floor.
Outcome<model::UidSet> expunged_since(sqlcipher::Database& database, model::FolderId folder,
                                      model::ModSeq since);

// Forgets all records of a folder that goes or begins anew.
Outcome<void> forget_expunged(sqlcipher::Database& database, model::FolderId folder);

}  // namespace fwd::mailbox

#endif
