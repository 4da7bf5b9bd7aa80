#ifndef FWD_STORAGE_MAILBOX_MAILBOX_STORE_H
#define FWD_STORAGE_MAILBOX_MAILBOX_STORE_H

// All mailboxes on this disk: "<folder>/ab/<alias id>.sqlite", ab being the
// id's last two digits.  For the loop's thread; work on one mailbox runs on the
// worker its id names.
//
// A mailbox is open from open() until the last handle on it is gone; so long
// its key stays in memory.  Its file opens and closes by use, within a budget.
//
// Faults of every call: kBadInput (not an alias id: 4 to 64 lower-case hex
// digits), kUnavailable (disk), kCorrupt (the file is damaged, missing, or the
// key is not its key; such a file is never touched again while it is open, and
// never removed or overwritten).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/outcome.h"
#include "core/task.h"
#include "crypto/secret.h"
#include "model/mailbox.h"
#include "net/workers.h"
#include "storage/mailbox/files.h"
#include "storage/mailbox/incoming.h"
#include "storage/mailbox/limits.h"

namespace fwd::mailbox {

struct StoreOptions {
  std::string folder;            // made when missing
  std::size_t open_files = 128;  // at most, but for those just closing
  int cache_pages = 256;         // of 4096 octets, for each open file
  Limits limits;
};

class MailboxStore {
 public:
  // `workers` and `clock` must outlive it.  Handles may outlive it: they give
  // kClosed then.
  MailboxStore(net::Workers& workers, Clock& clock, StoreOptions options);
  ~MailboxStore();
  MailboxStore(const MailboxStore&) = delete;
  MailboxStore& operator=(const MailboxStore&) = delete;

  // Makes a mailbox with its default folders.  kExists.
  Task<Outcome<void>> create(std::string alias_id, crypto::SecretKey key);

  // A mailbox is made anew in two steps.  Makes the next one beside what is
  // there, in place of an earlier next one.
  Task<Outcome<void>> create_next(std::string alias_id, crypto::SecretKey key);
  // Ends all logins and puts the next one in the place of what is there, for
  // good; nothing when there is no next one.
  Task<Outcome<void>> put_next(std::string alias_id);
  // Whether there is a next one.
  Task<Outcome<bool>> has_next(std::string alias_id);
  // Removes the next one.
  Task<Outcome<void>> remove_next(std::string alias_id);

  // A handle for one login.  `quota_limit`: octets, 0 for none; the last given
  // counts for the mailbox.  kCorrupt also when there is no such file.
  Task<Outcome<std::shared_ptr<model::Mailbox>>> open(std::string alias_id, crypto::SecretKey key,
                                                      std::uint64_t quota_limit);
  bool is_open(const std::string& alias_id) const;
  // Its file proved to be damaged since it was opened.
  bool is_damaged(const std::string& alias_id) const;

  // The next three ask for an open mailbox: kWrongState.

  // All or none.  Repeats (Incoming::delivery_id) are stored once.  kOverQuota.
  Task<Outcome<void>> deliver(std::string alias_id, std::vector<Incoming> incoming);
  // Exactly once: an entry whose spool_id is not above the mailbox's mark is
  // skipped; the mark moves in the same commit.  Ids must ascend.  Quota and
  // size limits are not asked, these were accepted long ago.  kBadInput: one of
  // them is no message; kOverLimit: a folder can hold no more.
  Task<Outcome<void>> drain(std::string alias_id, std::vector<Drained> entries);
  // The highest spool id drained so far.
  Task<Outcome<std::int64_t>> spool_mark(std::string alias_id);
  // Proves every page and every count.
  Task<Outcome<void>> check(std::string alias_id);

  // Octets of mail in an open mailbox; nothing for one that is not.
  std::optional<std::uint64_t> used(const std::string& alias_id) const;
  // Octets on disk.  kNotFound.
  Task<Outcome<std::uint64_t>> file_octets(std::string alias_id);
  // Every file there is, of mailboxes and others.
  Task<Outcome<std::vector<FoundFile>>> find_files();
  // Whether a file that was found is still there.
  Task<Outcome<bool>> is_there(std::string path);
  // Ends all logins and deletes the file, and a next one, for good; success when
  // there is none.
  Task<Outcome<void>> remove(std::string alias_id);
  // Tells every handle kLoggedOut with `reason` (for people) and ends it.
  // Writes under way are finished.
  void log_out_all(const std::string& alias_id, const std::string& reason);

  const Limits& limits() const;
  std::size_t open_mailboxes() const;
  std::size_t open_files() const;  // at this moment
  // Commits to an open mailbox since it was opened; fewer than writes when
  // writes waited together.
  std::uint64_t commits(const std::string& alias_id) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::mailbox

#endif
