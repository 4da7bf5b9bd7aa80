#ifndef FWD_STORAGE_MAILBOX_THREADS_H
#define FWD_STORAGE_MAILBOX_THREADS_H

// Which conversation a message belongs to, decided once when it comes in:
// messages that name a message id in common and have the same base subject
// (RFC 8621 §3).  A thread is never split or merged later (RFC 8474 §5.2).

#include <cstdint>
#include <string>

#include "core/outcome.h"
#include "format/packed_message.h"
#include "storage/sqlcipher/database.h"

namespace fwd::mailbox {

// The thread id (12 octets) of a message that was stored as `content`, and
// links its message ids to it.
Outcome<std::string> link_thread(sqlcipher::Database& database, std::int64_t content,
                                 const format::PackedMessage& message);

// Forgets the links whose newest message was `content`.
Outcome<void> unlink_thread(sqlcipher::Database& database, std::int64_t content);

}  // namespace fwd::mailbox

#endif
