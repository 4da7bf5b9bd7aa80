#ifndef FWD_STORAGE_MAILBOX_TRANSFER_H
#define FWD_STORAGE_MAILBOX_TRANSFER_H

// Copying and moving messages between folders of one mailbox; contents are
// shared, never copied.

#include <cstdint>

#include "core/outcome.h"
#include "model/mailbox.h"
#include "storage/mailbox/change.h"

namespace fwd::mailbox {

enum class Transfer : std::uint8_t { kCopy, kMove };

// Those of `uids` that exist, in ascending order, to the end of `to` (which may
// be `from` itself).  Fills `result`.  kOverLimit: UIDs or room used up.
Outcome<void> transfer_messages(Change& change, FolderRow& from, const model::UidSet& uids,
                                FolderRow& to, Transfer how, model::CopyResult& result);

// The next UID of `row`.  kOverLimit.
Outcome<model::Uid> take_uid(Change& change, FolderRow& row);

}  // namespace fwd::mailbox

#endif
