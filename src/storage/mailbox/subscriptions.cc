// Subscriptions to names without a folder.
#include "storage/mailbox/subscriptions.h"

namespace fwd::mailbox {
namespace {

Outcome<void> insert(Change& change, const std::string& path) {
  auto statement =
      change.database().prepare("INSERT OR IGNORE INTO bare_subscriptions(path) VALUES(?)");
  statement.bind(1, path);
  auto done = statement.run();
  if (done.ok()) change.tell_folder_list();
  return done;
}

}  // namespace

Outcome<std::vector<std::string>> bare_subscriptions(sqlcipher::Database& database) {
  auto select = database.prepare("SELECT path FROM bare_subscriptions ORDER BY path");
  std::vector<std::string> out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    out.push_back(select.text(0));
  }
}

Outcome<void> add_bare_subscription(Change& change, const std::string& path) {
  auto count = change.database().prepare("SELECT count(*) FROM bare_subscriptions WHERE path <> ?");
  count.bind(1, path);
  auto counted = count.step();
  if (!counted.ok()) return counted.failure();
  if (static_cast<std::size_t>(count.integer(0)) >= change.limits().bare_subscriptions)
    return Failure{Fault::kOverLimit, "too many subscriptions to folders that do not exist", ""};
  count.reset();
  return insert(change, path);
}

Outcome<bool> take_bare_subscription(Change& change, const std::string& path) {
  auto remove = change.database().prepare("DELETE FROM bare_subscriptions WHERE path = ?");
  remove.bind(1, path);
  if (auto done = remove.run(); !done.ok()) return done.failure();
  const bool was = change.database().changes() > 0;
  if (was) change.tell_folder_list();
  return was;
}

Outcome<void> leave_subscription(Change& change, const FolderRow& row) {
  if (!row.folder.subscribed || !row.asked_for) return {};
  if (auto done = insert(change, row.folder.path); !done.ok()) return done;
  auto prune = change.database().prepare(
      "DELETE FROM bare_subscriptions WHERE id <="
      " (SELECT id FROM bare_subscriptions ORDER BY id DESC LIMIT 1 OFFSET ?)");
  prune.bind(1, static_cast<std::int64_t>(change.limits().bare_subscriptions));
  return prune.run();
}

Outcome<void> join_subscription(Change& change, FolderRow& row) {
  auto kept = take_bare_subscription(change, row.folder.path);
  if (!kept.ok()) return kept.failure();
  if (kept.value()) row.folder.subscribed = row.asked_for = true;
  return {};
}

}  // namespace fwd::mailbox
