#ifndef FWD_MODEL_MAILBOX_H
#define FWD_MODEL_MAILBOX_H

// Mailbox: everything one logged-in account may do to its mail.  Kept by
// storage/mailbox, asked for from afar through rpc/.
//
// Every call that changes something has been committed durably when it says
// success.  Faults that any call may give: kUnavailable (the store is down or
// the disk is full), kCorrupt, kClosed (the login has ended).  Others are named
// with the call.  Calls on one Mailbox may overlap; changes take effect in the
// order of the calls.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "model/message.h"

namespace fwd::model {

// A stream of values in batches of bounded size.  Destroying it ends it.
template <typename T>
class Batches {
 public:
  virtual ~Batches() = default;
  // An empty batch is the end.
  virtual Task<Outcome<std::vector<T>>> next() = 0;
};

// A folder as a session opens it: one consistent moment.
struct OpenFolder {
  Folder folder;
  std::vector<Uid> uids;              // ascending; index + 1 is the sequence number
  std::vector<std::string> keywords;  // in use anywhere in this folder
  Uid first_unseen = 0;               // 0: none (IMAP4rev1's UNSEEN)
  UidSet recent;                      // claimed by this session (RFC 3501 §2.3.2)
};

// What has happened since a modseq, as one consistent moment.
struct Changes {
  struct Message {
    Uid uid = 0;
    ModSeq modseq = 0;
    Flags flags;
  };
  std::vector<Message> messages;  // new or changed, ascending by uid
  UidSet expunged;                // gone since then (RFC 7162 §3.2.5.1 VANISHED)
  bool expunged_complete = true;  // false: the records were too old; `uids` is then filled
  std::vector<Uid> uids;          // every UID there is, only when !expunged_complete
  ModSeq highest_modseq = 0;
  Uid uid_next = 0;
  UidSet recent;  // newly claimed by this session
};

struct StoreResult {
  std::vector<Changes::Message> changed;  // as they are now, whether or not they differ
  UidSet failed;                          // newer than `unchanged_since` (RFC 7162 §3.1.3)
};

// Result of APPEND, COPY, MOVE (RFC 4315 §3).
struct CopyResult {
  std::uint32_t uid_validity = 0;         // of the target
  std::vector<std::pair<Uid, Uid>> uids;  // source (0 for APPEND), target
  ModSeq highest_modseq = 0;              // of the source after a MOVE
};

struct NewMessage {
  Flags flags;
  std::optional<std::int64_t> internal_date;  // nothing: now
  format::PackedMessage message;
};

struct Quota {
  std::uint64_t used = 0;   // octets on disk
  std::uint64_t limit = 0;  // octets
};

enum class NoticeKind : std::uint8_t {
  kFolderChanged = 1,  // messages or flags of `folder` (mail came, flags, expunges)
  kFolderListChanged = 2,
  kLoggedOut = 3,  // password changed, alias disabled: say BYE; `text` says why
};

struct Notice {
  NoticeKind kind = NoticeKind::kFolderChanged;
  FolderId folder = 0;
  std::string text;
};

class Mailbox {
 public:
  virtual ~Mailbox() = default;

  // --- folders -------------------------------------------------------------
  // Also names that are subscribed to and do not exist (Folder::exists).
  virtual Task<Outcome<std::vector<Folder>>> list_folders() = 0;
  virtual Task<Outcome<Folder>> get_folder(std::string path) = 0;  // kNotFound
  // Also makes missing parents (not selectable until created by name).
  // kExists, kOverLimit (count, depth, length), kBadInput (name).
  virtual Task<Outcome<Folder>> create_folder(std::string path, SpecialUse special_use) = 0;
  // INBOX and folders with a special use: kCannot.  With children it stays as
  // not selectable; without messages.  Its name stays subscribed to.  kNotFound.
  virtual Task<Outcome<void>> delete_folder(std::string path) = 0;
  // Children move along.  Renaming INBOX moves its messages (RFC 9051 §6.3.6).
  // New names are subscribed to as the former ones were, which stay so.
  virtual Task<Outcome<void>> rename_folder(std::string from, std::string to) = 0;
  // The folder need not exist.  kBadInput (name), kOverLimit (too many names
  // without a folder), kNotFound (neither a folder nor subscribed to).
  virtual Task<Outcome<void>> subscribe(std::string path, bool subscribed) = 0;

  // --- one folder ----------------------------------------------------------
  // `claim_recent`: SELECT does, EXAMINE does not.
  virtual Task<Outcome<OpenFolder>> open_folder(FolderId folder, bool claim_recent) = 0;
  // `known`: with `since`, the UIDs the asker believes to exist; narrows what is
  // reported as expunged (RFC 7162 §3.2.5.2).  Empty set: all.
  virtual Task<Outcome<Changes>> changes_since(FolderId folder, ModSeq since, UidSet known,
                                               bool claim_recent) = 0;
  // Rows ascending by uid.  Messages expunged meanwhile are left out.
  // `changed_since` 0: all; else only those with a higher modseq.
  virtual std::unique_ptr<Batches<MessageRow>> fetch(FolderId folder, UidSet uids,
                                                     std::uint32_t columns,
                                                     ModSeq changed_since) = 0;
  // The chunks that hold octets [offset, offset + length), in order, of one
  // message; kNotFound when it is gone.  `length` may reach past the end.
  virtual std::unique_ptr<Batches<format::PackedChunk>> read_content(FolderId folder, Uid uid,
                                                                     std::uint64_t offset,
                                                                     std::uint64_t length) = 0;
  // All in one commit.  `unchanged_since`: RFC 7162 §3.1.3; UINT64_MAX for none.
  virtual Task<Outcome<StoreResult>> store_flags(FolderId folder, UidSet uids, FlagChange change,
                                                 Flags flags, ModSeq unchanged_since) = 0;
  // Removes those of `uids` that are flagged \Deleted; gives what it removed.
  virtual Task<Outcome<UidSet>> expunge(FolderId folder, UidSet uids) = 0;
  // kNotFound: the target is missing.  kOverQuota.  kOverLimit (UIDs used up).
  virtual Task<Outcome<CopyResult>> append(std::string path, std::vector<NewMessage> messages) = 0;
  virtual Task<Outcome<CopyResult>> copy(FolderId from, UidSet uids, std::string to_path) = 0;
  virtual Task<Outcome<CopyResult>> move(FolderId from, UidSet uids, std::string to_path) = 0;

  virtual Task<Outcome<Quota>> quota() = 0;

  // --- news ----------------------------------------------------------------
  // Waits for the next notice.  Notices of one folder that pile up are one.
  // Changes by this very Mailbox are told as well.  Cancelling loses nothing.
  virtual Task<Outcome<Notice>> next_notice() = 0;
  // True when next_notice() would not wait.
  virtual bool has_notice() const = 0;
  // Returns when has_notice() knows of every change that was committed before
  // the call.  Costs no look at the store.
  virtual Task<Outcome<void>> sync_notices() = 0;
};

}  // namespace fwd::model

#endif
