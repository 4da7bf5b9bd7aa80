// Making and renaming rows of folders.
#include "storage/mailbox/folder_tree.h"

#include <utility>

#include "core/text.h"
#include "storage/mailbox/subscriptions.h"

namespace fwd::mailbox {
namespace {

Outcome<void> check_count(Change& change) {
  auto count = change.database().prepare("SELECT count(*) FROM folders");
  auto counted = count.step();
  if (!counted.ok()) return counted.failure();
  if (static_cast<std::size_t>(count.integer(0)) >= change.limits().folders)
    return Failure{Fault::kOverLimit, "the mailbox has too many folders", ""};
  return {};
}

}  // namespace

void empty_row(FolderRow& row) {
  model::Folder& folder = row.folder;
  folder.messages = folder.unseen = folder.deleted = 0;
  folder.size = 0;
  row.expunged_rows = 0;
  row.expunged_floor = folder.highest_modseq;
}

Outcome<FolderRow*> add_folder(Change& change, const std::string& path, bool selectable) {
  if (auto parents = add_parents(change, path); !parents.ok()) return parents.failure();
  if (auto room = check_count(change); !room.ok()) return room.failure();
  auto object_id = new_object_id(change.database());
  if (!object_id.ok()) return object_id.failure();
  FolderRow row;
  row.folder.object_id = to_hex(object_id.value());
  row.folder.path = path;
  row.folder.selectable = selectable;
  row.folder.subscribed = selectable;
  row.folder.uid_validity = change.new_uid_validity();
  row.folder.highest_modseq = change.modseq();
  if (auto joined = join_subscription(change, row); !joined.ok()) return joined.failure();
  auto id = insert_folder(change.database(), row);
  if (!id.ok()) return id.failure();
  row.folder.id = id.value();
  change.tell_folder_list();
  return &change.adopt(std::move(row));
}

Outcome<void> add_parents(Change& change, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    auto found = find_folder(change.database(), parent);
    if (!found.ok()) return found.failure();
    if (found.value()) continue;
    // Its own parents are there by now, so this goes no deeper.
    auto made = add_folder(change, parent, false);
    if (!made.ok()) return made.failure();
  }
  return {};
}

Outcome<std::vector<FolderRow>> list_below(sqlcipher::Database& database, const std::string& path) {
  // '0' follows '/' in octet order, so this is the range of all that begins with "path/".
  auto select =
      database.prepare(select_folders("WHERE path > ? AND path < ? ORDER BY length(path), path"));
  select.bind(1, path + '/').bind(2, path + '0');
  std::vector<FolderRow> out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    out.push_back(folder_row(select));
  }
}

Outcome<void> note_former_name(Change& change, const model::Folder& folder) {
  auto note = change.database().prepare(
      "INSERT OR REPLACE INTO former_names(path, uid_validity) VALUES(?, ?)");
  note.bind(1, folder.path).bind(2, std::int64_t{folder.uid_validity});
  if (auto done = note.run(); !done.ok()) return done;
  auto prune = change.database().prepare(
      "DELETE FROM former_names WHERE uid_validity < "
      "(SELECT uid_validity FROM former_names ORDER BY uid_validity DESC LIMIT 1 OFFSET ?)");
  prune.bind(1, change.limits().former_names);
  return prune.run();
}

Outcome<void> take_name(Change& change, FolderRow& row, const std::string& path) {
  if (auto done = note_former_name(change, row.folder); !done.ok()) return done;
  auto select = change.database().prepare("SELECT uid_validity FROM former_names WHERE path = ?");
  select.bind(1, path);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (found.value() && select.integer(0) > std::int64_t{row.folder.uid_validity})
    row.folder.uid_validity = change.new_uid_validity();
  if (auto left = leave_subscription(change, row); !left.ok()) return left;
  row.folder.path = path;
  change.touch(row);
  change.tell_folder_list();
  return join_subscription(change, row);
}

}  // namespace fwd::mailbox
