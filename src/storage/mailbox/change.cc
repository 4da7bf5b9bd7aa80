// One change under way: counters read once and written back once.
#include "storage/mailbox/change.h"

#include <algorithm>
#include <utility>

namespace fwd::mailbox {

void News::merge(const News& other) {
  folders.insert(other.folders.begin(), other.folders.end());
  folder_list = folder_list || other.folder_list;
}

Outcome<void> Change::begin() {
  auto select =
      database_.prepare("SELECT modseq, uid_validity, spool_mark, used FROM mailbox WHERE id = 1");
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kCorrupt, "", "the mailbox has lost its counters"};
  modseq_ = static_cast<model::ModSeq>(select.integer(0));
  uid_validity_ = select.integer(1);
  spool_mark_ = select.integer(2);
  used_ = static_cast<std::uint64_t>(select.integer(3));
  return {};
}

Outcome<void> Change::finish() {
  for (auto& [id, held] : folders_) {
    if (!held.dirty) continue;
    if (auto done = update_folder(database_, held.row); !done.ok()) return done;
  }
  if (!dirty_) return {};
  auto update = database_.prepare(
      "UPDATE mailbox SET modseq = ?, uid_validity = ?, spool_mark = ?, used = ? WHERE id = 1");
  update.bind(1, static_cast<std::int64_t>(modseq_)).bind(2, uid_validity_);
  update.bind(3, spool_mark_).bind(4, static_cast<std::int64_t>(used_));
  return update.run();
}

Outcome<FolderRow*> Change::folder(model::FolderId id) {
  const auto at = folders_.find(id);
  if (at != folders_.end()) return &at->second.row;
  auto found = find_folder(database_, id);
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kNotFound, "there is no such folder", ""};
  return &adopt(std::move(*found.value()));
}

Outcome<FolderRow*> Change::target(std::string_view path) {
  auto found = find_folder(database_, path);
  if (!found.ok()) return found.failure();
  if (!found.value() || !found.value()->folder.selectable)
    return Failure{Fault::kNotFound, "there is no such folder", ""};
  return folder(found.value()->folder.id);
}

FolderRow& Change::adopt(FolderRow row) {
  Held& held = folders_[row.folder.id];
  held.row = std::move(row);
  return held.row;
}

model::ModSeq Change::modseq() {
  if (!took_modseq_) {
    took_modseq_ = dirty_ = true;
    ++modseq_;
  }
  return modseq_;
}

std::uint32_t Change::new_uid_validity() {
  dirty_ = true;
  uid_validity_ = std::max(now_, uid_validity_ + 1);
  return static_cast<std::uint32_t>(uid_validity_);
}

void Change::touch(FolderRow& row) {
  row.folder.highest_modseq = modseq();
  save(row);
  news_.folders.insert(row.folder.id);
}

void Change::save(FolderRow& row) { folders_[row.folder.id].dirty = true; }

void Change::count_in(FolderRow& row, const MessageRecord& record) {
  ++row.folder.messages;
  if (!record.flags.has(model::kSeen)) ++row.folder.unseen;
  if (record.flags.has(model::kDeleted)) ++row.folder.deleted;
  row.folder.size += record.size;
}

void Change::count_out(FolderRow& row, const MessageRecord& record) {
  --row.folder.messages;
  if (!record.flags.has(model::kSeen)) --row.folder.unseen;
  if (record.flags.has(model::kDeleted)) --row.folder.deleted;
  row.folder.size -= record.size;
}

void Change::add_used(std::int64_t octets) {
  dirty_ = true;
  used_ += static_cast<std::uint64_t>(octets);
}

void Change::set_spool_mark(std::int64_t mark) {
  dirty_ = true;
  spool_mark_ = mark;
}

}  // namespace fwd::mailbox
