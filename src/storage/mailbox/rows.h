#ifndef FWD_STORAGE_MAILBOX_ROWS_H
#define FWD_STORAGE_MAILBOX_ROWS_H

// Rows of folders and messages as values, and the statements that read and
// write them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/outcome.h"
#include "model/flags.h"
#include "model/folder.h"
#include "model/uid_set.h"
#include "storage/sqlcipher/database.h"

namespace fwd::mailbox {

struct FolderRow {
  model::Folder folder;              // `recent` is counted apart, by count_recent()
  model::Uid first_recent = 1;       // messages from here on no session has claimed
  model::ModSeq expunged_floor = 0;  // expunge records up to this modseq were pruned
  std::int64_t expunged_rows = 0;
  bool asked_for = false;  // subscribed to by SUBSCRIBE, and not only as it was made
};

// What one message has of its own; the rest hangs on `content`.
struct MessageRecord {
  model::Uid uid = 0;
  model::ModSeq modseq = 0;
  model::Flags flags;
  std::int64_t internal_date = 0, save_date = 0;
  std::uint64_t size = 0;
  std::optional<std::int64_t> sent_date;
  std::int32_t sent_zone = 0;
  std::int64_t content = 0;
  std::string email_id, thread_id;  // 12 octets each
};

// "SELECT … FROM folders", to be followed by a condition.
std::string select_folders(std::string_view condition);
FolderRow folder_row(const sqlcipher::Statement& row);
Outcome<std::optional<FolderRow>> find_folder(sqlcipher::Database& database, model::FolderId id);
Outcome<std::optional<FolderRow>> find_folder(sqlcipher::Database& database, std::string_view path);
// Gives the new folder's id; the row's own id is not looked at.
Outcome<model::FolderId> insert_folder(sqlcipher::Database& database, const FolderRow& row);
Outcome<void> update_folder(sqlcipher::Database& database, const FolderRow& row);
Outcome<std::uint32_t> count_recent(sqlcipher::Database& database, const FolderRow& row);

// "SELECT … FROM messages", to be followed by a condition.
std::string select_messages(std::string_view condition);
MessageRecord message_record(const sqlcipher::Statement& row);
Outcome<void> insert_message(sqlcipher::Database& database, model::FolderId folder,
                             const MessageRecord& record);
Outcome<void> update_message_flags(sqlcipher::Database& database, model::FolderId folder,
                                   const MessageRecord& record);
Outcome<void> delete_message(sqlcipher::Database& database, model::FolderId folder, model::Uid uid);

// Calls `visit` for every message of `uids` up to `last`, ascending.  Reads some
// hundred rows ahead, so that `visit` may change the table, and the record it is given.
Outcome<void> for_each_message(sqlcipher::Database& database, model::FolderId folder,
                               const model::UidSet& uids, model::Uid last,
                               const std::function<Outcome<void>(MessageRecord&)>& visit);

// Keywords as their column holds them: joined by spaces.
std::string join_keywords(const model::Flags& flags);
void split_keywords(std::string_view column, model::Flags& flags);

// 12 random octets: a new object id (RFC 8474).
Outcome<std::string> new_object_id(sqlcipher::Database& database);

}  // namespace fwd::mailbox

#endif
