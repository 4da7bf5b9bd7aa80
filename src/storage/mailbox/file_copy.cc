// Copying and moving messages.
#include <algorithm>

#include "storage/mailbox/contents.h"
#include "storage/mailbox/expunged.h"
#include "storage/mailbox/folder_name.h"
#include "storage/mailbox/mailbox_file.h"
#include "storage/mailbox/transfer.h"

namespace fwd::mailbox {

Outcome<model::Uid> take_uid(Change& change, FolderRow& row) {
  if (row.folder.uid_next > change.limits().last_uid ||
      row.folder.messages >= change.limits().messages)
    return Failure{Fault::kOverLimit, "the folder can take no more messages", ""};
  return row.folder.uid_next++;
}

Outcome<void> transfer_messages(Change& change, FolderRow& from, const model::UidSet& uids,
                                FolderRow& to, Transfer how, model::CopyResult& result) {
  result.uid_validity = to.folder.uid_validity;
  model::UidSet gone;
  const model::Uid last = from.folder.uid_next - 1;
  const auto visit = [&](MessageRecord& record) -> Outcome<void> {
    const model::Uid source = record.uid;
    if (how == Transfer::kMove) {
      auto removed = delete_message(change.database(), from.folder.id, source);
      if (!removed.ok()) return removed;
      Change::count_out(from, record);
      gone.add(source);
    } else if (auto shared = share_content(change, record.content); !shared.ok()) {
      return shared;
    }
    auto uid = take_uid(change, to);
    if (!uid.ok()) return uid.failure();
    change.touch(to);
    record.uid = uid.value();
    record.modseq = change.modseq();
    record.save_date = change.now();
    Change::count_in(to, record);
    result.uids.emplace_back(source, record.uid);
    return insert_message(change.database(), to.folder.id, record);
  };
  auto done = for_each_message(change.database(), from.folder.id, uids, last, visit);
  if (!done.ok()) return done;
  if (auto noted = note_expunged(change, from, gone); !noted.ok()) return noted;
  result.highest_modseq = from.folder.highest_modseq;
  return {};
}

namespace {

Outcome<void> transfer(Change& change, model::FolderId from, const model::UidSet& uids,
                       const std::string& to_path, Transfer how, model::CopyResult& result) {
  auto normal = normal_path(to_path, change.limits());
  if (!normal.ok()) return Failure{Fault::kNotFound, "there is no such folder", ""};
  auto source = change.folder(from);
  if (!source.ok()) return source.failure();
  auto target = change.target(normal.value());
  if (!target.ok()) return target.failure();
  return transfer_messages(change, *source.value(), uids, *target.value(), how, result);
}

}  // namespace

Outcome<model::CopyResult> MailboxFile::copy(model::FolderId from, const model::UidSet& uids,
                                             const std::string& to_path, std::int64_t now) {
  model::CopyResult result;
  auto done = change(now, [&](Change& change) {
    return transfer(change, from, uids, to_path, Transfer::kCopy, result);
  });
  if (!done.ok()) return done.failure();
  return result;
}

Outcome<model::CopyResult> MailboxFile::move(model::FolderId from, const model::UidSet& uids,
                                             const std::string& to_path, std::int64_t now) {
  model::CopyResult result;
  auto done = change(now, [&](Change& change) {
    return transfer(change, from, uids, to_path, Transfer::kMove, result);
  });
  if (!done.ok()) return done.failure();
  return result;
}

}  // namespace fwd::mailbox
