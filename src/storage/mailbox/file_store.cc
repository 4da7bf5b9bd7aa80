// Changing flags, and removing what is flagged \Deleted.
#include <algorithm>
#include <utility>

#include "storage/mailbox/contents.h"
#include "storage/mailbox/expunged.h"
#include "storage/mailbox/keywords.h"
#include "storage/mailbox/mailbox_file.h"

namespace fwd::mailbox {
namespace {

// Applies the change to one message; notes it in `result`.
Outcome<void> store_one(Change& change, FolderRow& row, model::FlagChange how,
                        const model::Flags& flags, MessageRecord& record,
                        model::StoreResult& result) {
  MessageRecord after = record;
  if (model::apply(how, flags, after.flags)) {
    if (after.flags.keywords.size() > change.limits().message_keywords)
      return Failure{Fault::kOverLimit, "too many keywords", ""};
    change.touch(row);
    after.modseq = change.modseq();
    Change::count_out(row, record);
    Change::count_in(row, after);
    auto done = update_message_flags(change.database(), row.folder.id, after);
    if (!done.ok()) return done;
  }
  result.changed.push_back({after.uid, after.modseq, std::move(after.flags)});
  return {};
}

}  // namespace

Outcome<model::StoreResult> MailboxFile::store_flags(
    model::FolderId folder, const model::UidSet& uids, model::FlagChange how,
    const model::Flags& flags, model::ModSeq unchanged_since, std::int64_t now) {
  model::StoreResult result;
  auto done = change(now, [&](Change& change) -> Outcome<void> {
    auto row = change.folder(folder);
    if (!row.ok()) return row.failure();
    auto spelled = spell_flags(change, flags, how != model::FlagChange::kRemove);
    if (!spelled.ok()) return spelled.failure();
    const auto visit = [&](MessageRecord& record) -> Outcome<void> {
      if (record.modseq > unchanged_since) {
        result.failed.add(record.uid);
        return {};
      }
      return store_one(change, *row.value(), how, spelled.value(), record, result);
    };
    return for_each_message(change.database(), folder, uids, row.value()->folder.uid_next - 1,
                            visit);
  });
  if (!done.ok()) return done.failure();
  return result;
}

Outcome<model::UidSet> MailboxFile::expunge(model::FolderId folder, const model::UidSet& uids,
                                            std::int64_t now) {
  model::UidSet gone;
  auto done = change(now, [&](Change& change) -> Outcome<void> {
    auto row = change.folder(folder);
    if (!row.ok()) return row.failure();
    if (row.value()->folder.deleted == 0) return {};
    const auto visit = [&](MessageRecord& record) -> Outcome<void> {
      if (!record.flags.has(model::kDeleted)) return {};
      auto removed = delete_message(change.database(), folder, record.uid);
      if (!removed.ok()) return removed;
      Change::count_out(*row.value(), record);
      gone.add(record.uid);
      return release_content(change, record.content);
    };
    auto visited =
        for_each_message(change.database(), folder, uids, row.value()->folder.uid_next - 1, visit);
    if (!visited.ok()) return visited;
    return note_expunged(change, *row.value(), gone);
  });
  if (!done.ok()) return done.failure();
  return gone;
}

}  // namespace fwd::mailbox
