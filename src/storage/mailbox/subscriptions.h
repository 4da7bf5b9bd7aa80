#ifndef FWD_STORAGE_MAILBOX_SUBSCRIPTIONS_H
#define FWD_STORAGE_MAILBOX_SUBSCRIPTIONS_H

// Subscriptions to names without a folder.  RFC 9051 §6.3.7: a name that was
// subscribed to is not dropped because its folder has gone.  A folder's own row
// says whether it is subscribed to; what is here has no row.

#include <string>
#include <vector>

#include "core/outcome.h"
#include "storage/mailbox/change.h"

namespace fwd::mailbox {

// Such names, in order of their octets.
Outcome<std::vector<std::string>> bare_subscriptions(sqlcipher::Database& database);

// Adds a name that has no folder.  kOverLimit: there are too many.
Outcome<void> add_bare_subscription(Change& change, const std::string& path);
// True when it was there.
Outcome<bool> take_bare_subscription(Change& change, const std::string& path);

// The folder leaves its path: what was asked for by SUBSCRIBE stays, the
// latest when there are too many.
Outcome<void> leave_subscription(Change& change, const FolderRow& row);
// The folder has come to its path: what was kept for it is its own again.
Outcome<void> join_subscription(Change& change, FolderRow& row);

}  // namespace fwd::mailbox

#endif
