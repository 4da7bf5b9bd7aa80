#ifndef FWD_MODEL_FOLDER_H
#define FWD_MODEL_FOLDER_H

// Folders of one mailbox.  ("Mailbox" is the whole account here, as people say
// it; what IMAP calls a mailbox we call a folder.)

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/flags.h"
#include "model/uid_set.h"

namespace fwd::model {

using FolderId = std::int64_t;  // stable over renames, never used again
using ModSeq = std::uint64_t;   // RFC 7162 §3.1: counts up over the whole mailbox, from 1

// RFC 6154 §2.  kInbox stands for the folder INBOX itself.
enum class SpecialUse : std::uint8_t {
  kNone = 0,
  kInbox = 1,
  kAll = 2,
  kArchive = 3,
  kDrafts = 4,
  kFlagged = 5,
  kJunk = 6,
  kSent = 7,
  kTrash = 8,
};

struct Folder {
  FolderId id = 0;
  std::string object_id;  // 24 hex digits (RFC 8474 MAILBOXID)
  std::string path;       // UTF-8 (NFC), levels separated by '/', "INBOX" in capitals
  SpecialUse special_use = SpecialUse::kNone;
  bool subscribed = true;
  bool selectable = true;  // false: \Noselect, kept only for its children
  bool exists = true;      // false: only its subscription is kept (RFC 9051 §6.3.7); id is 0
  std::uint32_t uid_validity = 0;
  Uid uid_next = 1;
  ModSeq highest_modseq = 1;
  std::uint32_t messages = 0;
  std::uint32_t unseen = 0;
  std::uint32_t deleted = 0;  // messages flagged \Deleted
  std::uint32_t recent = 0;   // not yet claimed by any session (RFC 3501 §2.3.2)
  std::uint64_t size = 0;     // octets of all messages (RFC 8438)
};

}  // namespace fwd::model

#endif
