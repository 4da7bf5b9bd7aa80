// Rows of folders and messages as values.
#include "storage/mailbox/rows.h"

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace fwd::mailbox {
namespace {

using sqlcipher::Database;
using sqlcipher::Statement;

constexpr std::int64_t kReadAhead = 500;

// Binds the columns a folder's INSERT and UPDATE share, from place 1 on; gives
// the next free place.
int bind_folder(Statement& into, const FolderRow& row) {
  const model::Folder& folder = row.folder;
  into.bind(1, folder.object_id).bind(2, folder.path);
  into.bind(3, static_cast<std::int64_t>(folder.special_use));
  into.bind(4, std::int64_t{folder.subscribed ? (row.asked_for ? 2 : 1) : 0});
  into.bind(5, std::int64_t{folder.selectable});
  into.bind(6, std::int64_t{folder.uid_validity}).bind(7, std::int64_t{folder.uid_next});
  into.bind(8, static_cast<std::int64_t>(folder.highest_modseq));
  into.bind(9, std::int64_t{folder.messages}).bind(10, std::int64_t{folder.unseen});
  into.bind(11, std::int64_t{folder.deleted}).bind(12, static_cast<std::int64_t>(folder.size));
  into.bind(13, std::int64_t{row.first_recent});
  into.bind(14, static_cast<std::int64_t>(row.expunged_floor)).bind(15, row.expunged_rows);
  return 16;
}

Outcome<std::optional<FolderRow>> one_folder(Statement& select) {
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return std::optional<FolderRow>();
  return std::optional<FolderRow>(folder_row(select));
}

}  // namespace

std::string select_folders(std::string_view condition) {
  return "SELECT id, object_id, path, special_use, subscribed, selectable, uid_validity, uid_next,"
         " modseq, messages, unseen, deleted, size, first_recent, expunged_floor, expunged_rows"
         " FROM folders " +
         std::string(condition);
}

FolderRow folder_row(const Statement& row) {
  FolderRow out;
  model::Folder& folder = out.folder;
  folder.id = row.integer(0);
  folder.object_id = row.text(1);
  folder.path = row.text(2);
  folder.special_use = static_cast<model::SpecialUse>(row.integer(3));
  folder.subscribed = row.integer(4) != 0;
  out.asked_for = row.integer(4) == 2;
  folder.selectable = row.integer(5) != 0;
  folder.uid_validity = static_cast<std::uint32_t>(row.integer(6));
  folder.uid_next = static_cast<model::Uid>(row.integer(7));
  folder.highest_modseq = static_cast<model::ModSeq>(row.integer(8));
  folder.messages = static_cast<std::uint32_t>(row.integer(9));
  folder.unseen = static_cast<std::uint32_t>(row.integer(10));
  folder.deleted = static_cast<std::uint32_t>(row.integer(11));
  folder.size = static_cast<std::uint64_t>(row.integer(12));
  out.first_recent = static_cast<model::Uid>(row.integer(13));
  out.expunged_floor = static_cast<model::ModSeq>(row.integer(14));
  out.expunged_rows = row.integer(15);
  return out;
}

Outcome<std::optional<FolderRow>> find_folder(Database& database, model::FolderId id) {
  auto select = database.prepare(select_folders("WHERE id = ?"));
  select.bind(1, id);
  return one_folder(select);
}

Outcome<std::optional<FolderRow>> find_folder(Database& database, std::string_view path) {
  auto select = database.prepare(select_folders("WHERE path = ?"));
  select.bind(1, path);
  return one_folder(select);
}

Outcome<model::FolderId> insert_folder(Database& database, const FolderRow& row) {
  auto insert = database.prepare(
      "INSERT INTO folders(object_id, path, special_use, subscribed, selectable, uid_validity,"
      " uid_next, modseq, messages, unseen, deleted, size, first_recent, expunged_floor,"
      " expunged_rows) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  bind_folder(insert, row);
  if (auto done = insert.run(); !done.ok()) return done.failure();
  return database.last_insert_id();
}

Outcome<void> update_folder(Database& database, const FolderRow& row) {
  auto update = database.prepare(
      "UPDATE folders SET object_id = ?, path = ?, special_use = ?, subscribed = ?,"
      " selectable = ?, uid_validity = ?, uid_next = ?, modseq = ?, messages = ?, unseen = ?,"
      " deleted = ?, size = ?, first_recent = ?, expunged_floor = ?, expunged_rows = ?"
      " WHERE id = ?");
  const int place = bind_folder(update, row);
  update.bind(place, row.folder.id);
  return update.run();
}

Outcome<std::uint32_t> count_recent(Database& database, const FolderRow& row) {
  if (row.first_recent >= row.folder.uid_next) return std::uint32_t{0};
  auto count = database.prepare("SELECT count(*) FROM messages WHERE folder = ? AND uid >= ?");
  count.bind(1, row.folder.id).bind(2, std::int64_t{row.first_recent});
  auto found = count.step();
  if (!found.ok()) return found.failure();
  return static_cast<std::uint32_t>(count.integer(0));
}

std::string select_messages(std::string_view condition) {
  return "SELECT uid, modseq, flags, keywords, internal_date, save_date, size, sent_date,"
         " sent_zone, content, email_id, thread_id FROM messages " +
         std::string(condition);
}

MessageRecord message_record(const Statement& row) {
  MessageRecord out;
  out.uid = static_cast<model::Uid>(row.integer(0));
  out.modseq = static_cast<model::ModSeq>(row.integer(1));
  out.flags.system = static_cast<std::uint8_t>(row.integer(2));
  if (!row.is_null(3)) split_keywords(row.view(3), out.flags);
  out.internal_date = row.integer(4);
  out.save_date = row.integer(5);
  out.size = static_cast<std::uint64_t>(row.integer(6));
  if (!row.is_null(7)) out.sent_date = row.integer(7);
  out.sent_zone = static_cast<std::int32_t>(row.integer(8));
  out.content = row.integer(9);
  out.email_id = row.text(10);
  out.thread_id = row.text(11);
  return out;
}

Outcome<void> insert_message(Database& database, model::FolderId folder,
                             const MessageRecord& record) {
  auto insert = database.prepare(
      "INSERT INTO messages(folder, uid, modseq, flags, keywords, internal_date, save_date, size,"
      " sent_date, sent_zone, content, email_id, thread_id)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, folder).bind(2, std::int64_t{record.uid});
  insert.bind(3, static_cast<std::int64_t>(record.modseq));
  insert.bind(4, std::int64_t{record.flags.system});
  if (record.flags.keywords.empty()) {
    insert.bind_null(5);
  } else {
    insert.bind(5, join_keywords(record.flags));
  }
  insert.bind(6, record.internal_date).bind(7, record.save_date);
  insert.bind(8, static_cast<std::int64_t>(record.size));
  if (record.sent_date) {
    insert.bind(9, *record.sent_date);
  } else {
    insert.bind_null(9);
  }
  insert.bind(10, std::int64_t{record.sent_zone}).bind(11, record.content);
  insert.bind_blob(12, record.email_id).bind_blob(13, record.thread_id);
  return insert.run();
}

Outcome<void> update_message_flags(Database& database, model::FolderId folder,
                                   const MessageRecord& record) {
  auto update = database.prepare(
      "UPDATE messages SET modseq = ?, flags = ?, keywords = ? WHERE folder = ? AND uid = ?");
  update.bind(1, static_cast<std::int64_t>(record.modseq));
  update.bind(2, std::int64_t{record.flags.system});
  if (record.flags.keywords.empty()) {
    update.bind_null(3);
  } else {
    update.bind(3, join_keywords(record.flags));
  }
  update.bind(4, folder).bind(5, std::int64_t{record.uid});
  return update.run();
}

Outcome<void> delete_message(Database& database, model::FolderId folder, model::Uid uid) {
  auto remove = database.prepare("DELETE FROM messages WHERE folder = ? AND uid = ?");
  remove.bind(1, folder).bind(2, std::int64_t{uid});
  return remove.run();
}

namespace {

// At most kReadAhead rows of [first, last].
Outcome<std::vector<MessageRecord>> read_ahead(Database& database, model::FolderId folder,
                                               std::int64_t first, model::Uid last) {
  auto select = database.prepare(
      select_messages("WHERE folder = ? AND uid >= ? AND uid <= ? ORDER BY uid LIMIT ?"));
  select.bind(1, folder).bind(2, first).bind(3, std::int64_t{last}).bind(4, kReadAhead);
  std::vector<MessageRecord> out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    out.push_back(message_record(select));
  }
}

}  // namespace

Outcome<void> for_each_message(Database& database, model::FolderId folder,
                               const model::UidSet& uids, model::Uid last,
                               const std::function<Outcome<void>(MessageRecord&)>& visit) {
  for (const model::UidRange& range : uids.ranges()) {
    if (range.first > last) break;
    const model::Uid range_last = std::min(range.last, last);
    std::int64_t next = range.first;
    while (next <= range_last) {
      auto rows = read_ahead(database, folder, next, range_last);
      if (!rows.ok()) return rows.failure();
      const bool last_rows = rows.value().size() < static_cast<std::size_t>(kReadAhead);
      if (!last_rows) next = std::int64_t{rows.value().back().uid} + 1;
      for (MessageRecord& record : rows.value())
        if (auto done = visit(record); !done.ok()) return done;
      if (last_rows) break;
    }
  }
  return {};
}

std::string join_keywords(const model::Flags& flags) { return join(flags.keywords, " "); }

void split_keywords(std::string_view column, model::Flags& flags) {
  for (const std::string_view keyword : split(column, ' ')) flags.keywords.emplace_back(keyword);
}

Outcome<std::string> new_object_id(Database& database) {
  auto random = database.prepare("SELECT randomblob(12)");
  auto found = random.step();
  if (!found.ok()) return found.failure();
  return random.text(0);
}

}  // namespace fwd::mailbox
