#ifndef FWD_STORAGE_MAILBOX_CHANGE_H
#define FWD_STORAGE_MAILBOX_CHANGE_H

// One change under way: the mailbox's counters and the folders it touches,
// read once, kept up by the verb, written back once before the commit.

#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include "core/outcome.h"
#include "storage/mailbox/limits.h"
#include "storage/mailbox/rows.h"
#include "storage/sqlcipher/database.h"

namespace fwd::mailbox {

// What sessions have to be told once a change is committed.
struct News {
  std::set<model::FolderId> folders;
  bool folder_list = false;
  bool empty() const { return folders.empty() && !folder_list; }
  void merge(const News& other);
};

class Change {
 public:
  // `now`: seconds since 1970.  All live until the change ends.
  Change(sqlcipher::Database& database, const Limits& limits, std::int64_t now)
      : database_(database), limits_(limits), now_(now) {}
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  Outcome<void> begin();   // reads the counters
  Outcome<void> finish();  // writes back all that changed

  sqlcipher::Database& database() { return database_; }
  const Limits& limits() const { return limits_; }
  std::int64_t now() const { return now_; }

  // The folder's row, owned by the change.  kNotFound.
  Outcome<FolderRow*> folder(model::FolderId id);
  // The same by normal path; not selectable ones are kNotFound too.
  Outcome<FolderRow*> target(std::string_view path);
  FolderRow& adopt(FolderRow row);

  // This change's own modseq, taken at the first call.
  model::ModSeq modseq();
  // A UIDVALIDITY higher than all before.
  std::uint32_t new_uid_validity();
  // Messages or flags of `row` change with modseq().
  void touch(FolderRow& row);
  // Something else of `row` changes; nobody need be told.
  void save(FolderRow& row);
  void tell_folder_list() { news_.folder_list = true; }

  // Counts `record` in or out of `row`, which must be touched as well.
  static void count_in(FolderRow& row, const MessageRecord& record);
  static void count_out(FolderRow& row, const MessageRecord& record);

  std::uint64_t used() const { return used_; }
  void add_used(std::int64_t octets);
  std::int64_t spool_mark() const { return spool_mark_; }
  void set_spool_mark(std::int64_t mark);

  const News& news() const { return news_; }

 private:
  struct Held {
    FolderRow row;
    bool dirty = false;
  };
  sqlcipher::Database& database_;
  const Limits& limits_;
  const std::int64_t now_;
  std::map<model::FolderId, Held> folders_;  // a map: rows stay where they are
  model::ModSeq modseq_ = 0;                 // the highest given out
  bool took_modseq_ = false;
  std::int64_t uid_validity_ = 0;  // the highest given out
  std::int64_t spool_mark_ = 0;
  std::uint64_t used_ = 0;
  bool dirty_ = false;
  News news_;
};

}  // namespace fwd::mailbox

#endif
