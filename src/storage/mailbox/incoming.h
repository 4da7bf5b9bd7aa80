#ifndef FWD_STORAGE_MAILBOX_INCOMING_H
#define FWD_STORAGE_MAILBOX_INCOMING_H

// Mail on its way into a mailbox by delivery, not by its owner's APPEND.

#include <cstdint>
#include <string>

#include "format/packed_message.h"
#include "model/flags.h"
#include "model/folder.h"

namespace fwd::mailbox {

struct Incoming {
  // Told apart by this: a repeat within six days is stored once and still
  // answered with success.  At most 200 octets; empty: never a repeat.
  std::string delivery_id;
  model::SpecialUse folder = model::SpecialUse::kInbox;  // INBOX when there is no such folder
  model::Flags flags;
  std::int64_t internal_date = 0;  // seconds since 1970 UTC
  format::PackedMessage message;
};

// The same, out of the spool.
struct Drained {
  std::int64_t spool_id = 0;  // counts up; see MailboxStore::drain()
  Incoming incoming;
};

}  // namespace fwd::mailbox

#endif
