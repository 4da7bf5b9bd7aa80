// A folder as a session opens it, and what changed since it last looked.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "storage/mailbox/expunged.h"
#include "storage/mailbox/mailbox_file.h"

namespace fwd::mailbox {
namespace {

Outcome<FolderRow*> selectable_folder(Change& change, model::FolderId folder) {
  auto row = change.folder(folder);
  if (row.ok() && !row.value()->folder.selectable)
    return Failure{Fault::kCannot, "this folder holds only folders", ""};
  return row;
}

// The messages no session has claimed; from now on this one has.
Outcome<model::UidSet> claim_recent_messages(Change& change, FolderRow& row) {
  model::UidSet recent;
  if (row.first_recent >= row.folder.uid_next) return recent;
  auto select = change.database().prepare("SELECT uid FROM messages WHERE folder = ? AND uid >= ?");
  select.bind(1, row.folder.id).bind(2, std::int64_t{row.first_recent});
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    recent.add(static_cast<model::Uid>(select.integer(0)));
  }
  row.first_recent = row.folder.uid_next;
  change.save(row);
  return recent;
}

// UIDs, keywords and the first unseen message, in one pass.
Outcome<void> scan_folder(sqlcipher::Database& database, model::OpenFolder& open) {
  auto select =
      database.prepare("SELECT uid, flags, keywords FROM messages WHERE folder = ? ORDER BY uid");
  select.bind(1, open.folder.id);
  open.uids.reserve(open.folder.messages);
  std::unordered_set<std::string> seen;  // keyword columns as they stand
  model::Flags all;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    const auto uid = static_cast<model::Uid>(select.integer(0));
    open.uids.push_back(uid);
    if (open.first_unseen == 0 && (select.integer(1) & model::kSeen) == 0) open.first_unseen = uid;
    if (select.is_null(2)) continue;
    const auto [at, fresh] = seen.insert(select.text(2));
    if (!fresh) continue;
    model::Flags some;
    split_keywords(*at, some);
    for (const std::string& keyword : some.keywords) all.add_keyword(keyword);
  }
  open.keywords = std::move(all.keywords);
  return {};
}

Outcome<void> list_changed(sqlcipher::Database& database, model::FolderId folder,
                           model::ModSeq since, model::Changes& changes) {
  auto select = database.prepare(
      "SELECT uid, modseq, flags, keywords FROM messages WHERE folder = ? AND modseq > ?");
  select.bind(1, folder).bind(2, static_cast<std::int64_t>(since));
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    model::Changes::Message message;
    message.uid = static_cast<model::Uid>(select.integer(0));
    message.modseq = static_cast<model::ModSeq>(select.integer(1));
    message.flags.system = static_cast<std::uint8_t>(select.integer(2));
    if (!select.is_null(3)) split_keywords(select.view(3), message.flags);
    changes.messages.push_back(std::move(message));
  }
  std::sort(changes.messages.begin(), changes.messages.end(),
            [](const auto& a, const auto& b) { return a.uid < b.uid; });
  return {};
}

Outcome<void> list_uids(sqlcipher::Database& database, model::FolderId folder,
                        std::vector<model::Uid>& uids) {
  auto select = database.prepare("SELECT uid FROM messages WHERE folder = ? ORDER BY uid");
  select.bind(1, folder);
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return {};
    uids.push_back(static_cast<model::Uid>(select.integer(0)));
  }
}

Outcome<void> list_expunged(sqlcipher::Database& database, const FolderRow& row,
                            model::ModSeq since, const model::UidSet& known,
                            model::Changes& changes) {
  changes.expunged_complete = since >= row.expunged_floor;
  if (!changes.expunged_complete) return list_uids(database, row.folder.id, changes.uids);
  auto gone = expunged_since(database, row.folder.id, since);
  if (!gone.ok()) return gone.failure();
  changes.expunged = known.empty() ? std::move(gone).value() : gone.value().intersect(known);
  return {};
}

}  // namespace

Outcome<model::OpenFolder> MailboxFile::open_folder(model::FolderId folder, bool claim_recent,
                                                    std::int64_t now) {
  model::OpenFolder open;
  auto done = change(now, [&](Change& change) -> Outcome<void> {
    auto row = selectable_folder(change, folder);
    if (!row.ok()) return row.failure();
    if (claim_recent) {
      auto recent = claim_recent_messages(change, *row.value());
      if (!recent.ok()) return recent.failure();
      open.recent = std::move(recent).value();
    }
    auto left = count_recent(change.database(), *row.value());
    if (!left.ok()) return left.failure();
    open.folder = row.value()->folder;
    open.folder.recent = left.value();
    return scan_folder(change.database(), open);
  });
  if (!done.ok()) return done.failure();
  return open;
}

Outcome<model::Changes> MailboxFile::changes_since(model::FolderId folder, model::ModSeq since,
                                                   const model::UidSet& known, bool claim_recent,
                                                   std::int64_t now) {
  since = std::min<model::ModSeq>(since, INT64_MAX);
  model::Changes changes;
  auto done = change(now, [&](Change& change) -> Outcome<void> {
    auto row = change.folder(folder);
    if (!row.ok()) return row.failure();
    if (claim_recent) {
      auto recent = claim_recent_messages(change, *row.value());
      if (!recent.ok()) return recent.failure();
      changes.recent = std::move(recent).value();
    }
    changes.highest_modseq = row.value()->folder.highest_modseq;
    changes.uid_next = row.value()->folder.uid_next;
    if (since >= changes.highest_modseq) return {};
    auto listed = list_changed(change.database(), folder, since, changes);
    if (!listed.ok()) return listed;
    return list_expunged(change.database(), *row.value(), since, known, changes);
  });
  if (!done.ok()) return done.failure();
  return changes;
}

}  // namespace fwd::mailbox
