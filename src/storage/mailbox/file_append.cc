// Messages that come in: by APPEND, by delivery, out of the spool.
#include <algorithm>
#include <utility>

#include "storage/mailbox/contents.h"
#include "storage/mailbox/folder_name.h"
#include "storage/mailbox/keywords.h"
#include "storage/mailbox/mailbox_file.h"
#include "storage/mailbox/threads.h"
#include "storage/mailbox/transfer.h"

namespace fwd::mailbox {
namespace {

constexpr std::size_t kDeliveryIdOctets = 200;

Outcome<void> check_quota(Change& change, std::uint64_t quota, std::uint64_t octets) {
  if (quota != 0 && (change.used() > quota || octets > quota - change.used()))
    return Failure{Fault::kOverQuota, "the mailbox is full", ""};
  return {};
}

// Stores one checked message at the end of a folder; gives its UID.
Outcome<model::Uid> store(Change& change, FolderRow& row, const format::PackedMessage& message,
                          const model::Flags& flags, std::int64_t internal_date) {
  auto spelled = spell_flags(change, flags, true);
  if (!spelled.ok()) return spelled.failure();
  auto uid = take_uid(change, row);
  if (!uid.ok()) return uid;
  auto content = add_content(change, message);
  if (!content.ok()) return content.failure();
  auto thread_id = link_thread(change.database(), content.value(), message);
  if (!thread_id.ok()) return thread_id.failure();
  auto email_id = new_object_id(change.database());
  if (!email_id.ok()) return email_id.failure();
  change.touch(row);
  MessageRecord record;
  record.uid = uid.value();
  record.modseq = change.modseq();
  record.flags = std::move(spelled).value();
  record.internal_date = internal_date;
  record.save_date = change.now();
  record.size = message.size;
  record.sent_date = message.outline.sent_date;
  record.sent_zone = message.outline.sent_zone;
  record.content = content.value();
  record.email_id = std::move(email_id).value();
  record.thread_id = std::move(thread_id).value();
  Change::count_in(row, record);
  if (auto done = insert_message(change.database(), row.folder.id, record); !done.ok())
    return done.failure();
  return record.uid;
}

// Notes the delivery; false when it was noted before.
Outcome<bool> note_delivery(Change& change, const std::string& delivery_id) {
  if (delivery_id.empty()) return true;
  if (delivery_id.size() > kDeliveryIdOctets)
    return Failure{Fault::kBadInput, "the delivery's id is too long", ""};
  auto insert = change.database().prepare(
      "INSERT OR IGNORE INTO deliveries(stored, delivery_id) VALUES(?, ?)");
  insert.bind(1, change.now()).bind(2, delivery_id);
  if (auto done = insert.run(); !done.ok()) return done.failure();
  return change.database().changes() > 0;
}

// Rows were added in order of time, so the oldest come first.  A few at a time
// keep up with any stream of new ones.
Outcome<void> forget_deliveries(Change& change) {
  auto remove = change.database().prepare(
      "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries ORDER BY id LIMIT 20)"
      " AND stored < ?");
  remove.bind(1, change.now() - change.limits().delivery_memory);
  return remove.run();
}

Outcome<FolderRow*> folder_for(Change& change, model::SpecialUse use) {
  auto select = change.database().prepare(
      "SELECT id FROM folders WHERE special_use = ? AND selectable = 1 ORDER BY id LIMIT 1");
  select.bind(1, static_cast<std::int64_t>(use));
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (found.value()) return change.folder(select.integer(0));
  if (use == model::SpecialUse::kInbox)
    return Failure{Fault::kCorrupt, "", "the mailbox has no INBOX"};
  return folder_for(change, model::SpecialUse::kInbox);
}

// `quota` 0: no limit.
Outcome<void> take_in(Change& change, const Incoming& incoming, const Limits& limits,
                      std::uint64_t quota) {
  if (auto good = check_message(incoming.message, limits); !good.ok()) return good;
  auto fresh = note_delivery(change, incoming.delivery_id);
  if (!fresh.ok()) return fresh.failure();
  if (!fresh.value()) return {};
  auto room = check_quota(change, quota, stored_octets(incoming.message));
  if (!room.ok()) return room;
  auto row = folder_for(change, incoming.folder);
  if (!row.ok()) return row.failure();
  auto uid = store(change, *row.value(), incoming.message, incoming.flags, incoming.internal_date);
  if (!uid.ok()) return uid.failure();
  return {};
}

}  // namespace

Outcome<model::CopyResult> MailboxFile::append(const std::string& path,
                                               const std::vector<model::NewMessage>& messages,
                                               std::uint64_t quota, std::int64_t now) {
  auto normal = normal_path(path, limits_);
  if (!normal.ok()) return Failure{Fault::kNotFound, "there is no such folder", ""};
  model::CopyResult result;
  auto done = change(now, [&](Change& change) -> Outcome<void> {
    auto row = change.target(normal.value());
    if (!row.ok()) return row.failure();
    result.uid_validity = row.value()->folder.uid_validity;
    for (const model::NewMessage& message : messages) {
      auto good = check_message(message.message, limits_);
      if (!good.ok()) return good;
      auto room = check_quota(change, quota, stored_octets(message.message));
      if (!room.ok()) return room;
      auto uid = store(change, *row.value(), message.message, message.flags,
                       message.internal_date.value_or(now));
      if (!uid.ok()) return uid.failure();
      result.uids.emplace_back(model::Uid{0}, uid.value());
    }
    result.highest_modseq = row.value()->folder.highest_modseq;
    return {};
  });
  if (!done.ok()) return done.failure();
  return result;
}

Outcome<void> MailboxFile::deliver(const std::vector<Incoming>& incoming, std::uint64_t quota,
                                   std::int64_t now) {
  return change(now, [&](Change& change) -> Outcome<void> {
    for (const Incoming& one : incoming)
      if (auto done = take_in(change, one, limits_, quota); !done.ok()) return done;
    return forget_deliveries(change);
  });
}

Outcome<void> MailboxFile::drain(const std::vector<Drained>& drained, std::int64_t now) {
  // Its sender was told that it arrived, so today's limits and quota no longer count.
  Limits any = limits_;
  any.message_octets = UINT64_MAX;
  any.outline_octets = SIZE_MAX;
  return change(now, [&](Change& change) -> Outcome<void> {
    for (const Drained& one : drained) {
      if (one.spool_id <= change.spool_mark()) continue;
      if (auto done = take_in(change, one.incoming, any, 0); !done.ok()) return done;
      change.set_spool_mark(one.spool_id);
    }
    return forget_deliveries(change);
  });
}

}  // namespace fwd::mailbox
