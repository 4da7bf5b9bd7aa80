// Which UIDs of a folder are gone and since when.
#include "storage/mailbox/expunged.h"

namespace fwd::mailbox {
namespace {

// Drops the oldest records beyond the bound, whole modseqs at a time.
Outcome<void> prune(Change& change, FolderRow& row) {
  const std::int64_t surplus = row.expunged_rows - change.limits().expunge_records;
  if (surplus <= 0) return {};
  auto select = change.database().prepare(
      "SELECT modseq FROM expunged WHERE folder = ? ORDER BY modseq, first LIMIT 1 OFFSET ?");
  select.bind(1, row.folder.id).bind(2, surplus - 1);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kCorrupt, "", "expunge records were miscounted"};
  const std::int64_t floor = select.integer(0);
  select.reset();
  auto remove = change.database().prepare("DELETE FROM expunged WHERE folder = ? AND modseq <= ?");
  remove.bind(1, row.folder.id).bind(2, floor);
  if (auto done = remove.run(); !done.ok()) return done;
  row.expunged_rows -= change.database().changes();
  row.expunged_floor = static_cast<model::ModSeq>(floor);
  return {};
}

}  // namespace

Outcome<void> note_expunged(Change& change, FolderRow& row, const model::UidSet& uids) {
  if (uids.empty()) return {};
  change.touch(row);
  for (const model::UidRange& range : uids.ranges()) {
    auto insert = change.database().prepare(
        "INSERT INTO expunged(folder, modseq, first, last) VALUES(?, ?, ?, ?)");
    insert.bind(1, row.folder.id).bind(2, static_cast<std::int64_t>(change.modseq()));
    insert.bind(3, std::int64_t{range.first}).bind(4, std::int64_t{range.last});
    if (auto done = insert.run(); !done.ok()) return done;
    ++row.expunged_rows;
  }
  return prune(change, row);
}

Outcome<model::UidSet> expunged_since(sqlcipher::Database& database, model::FolderId folder,
                                      model::ModSeq since) {
  auto select = database.prepare(
      "SELECT first, last FROM expunged WHERE folder = ? AND modseq > ? ORDER BY modseq, first");
  select.bind(1, folder).bind(2, static_cast<std::int64_t>(since));
  model::UidSet out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    out.add(static_cast<model::Uid>(select.integer(0)), static_cast<model::Uid>(select.integer(1)));
  }
}

Outcome<void> forget_expunged(sqlcipher::Database& database, model::FolderId folder) {
  auto remove = database.prepare("DELETE FROM expunged WHERE folder = ?");
  remove.bind(1, folder);
  return remove.run();
}

}  // namespace fwd::mailbox
