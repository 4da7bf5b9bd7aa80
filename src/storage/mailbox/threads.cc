// Which conversation a message belongs to.
#include "storage/mailbox/threads.h"

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "storage/mailbox/identity.h"
#include "storage/mailbox/rows.h"

namespace fwd::mailbox {
namespace {

// Of a long References field the first and the latest say enough.
constexpr std::size_t kFirstIds = 3;  // its own, what it answers, the thread's root
constexpr std::size_t kLastIds = 17;

std::vector<std::string> digests(const format::PackedMessage& message) {
  const std::string subject = to_lower(std::string_view(message.base_subject));
  const auto& ids = message.message_ids;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i >= kFirstIds && i + kLastIds < ids.size()) continue;
    std::string named = ids[i];
    named += '\0';
    named += subject;
    std::string digest = short_digest(named);
    if (std::find(out.begin(), out.end(), digest) == out.end()) out.push_back(std::move(digest));
  }
  return out;
}

Outcome<std::string> find_thread(sqlcipher::Database& database,
                                 const std::vector<std::string>& links) {
  for (const std::string& digest : links) {
    auto select = database.prepare("SELECT thread_id FROM thread_links WHERE digest = ?");
    select.bind_blob(1, digest);
    auto found = select.step();
    if (!found.ok()) return found.failure();
    if (found.value()) return select.text(0);
  }
  return new_object_id(database);
}

}  // namespace

Outcome<std::string> link_thread(sqlcipher::Database& database, std::int64_t content,
                                 const format::PackedMessage& message) {
  const auto links = digests(message);
  auto thread = find_thread(database, links);
  if (!thread.ok()) return thread;
  for (const std::string& digest : links) {
    // A link lives as long as the newest message that names it; it keeps its thread.
    auto update = database.prepare("UPDATE thread_links SET content = ? WHERE digest = ?");
    update.bind(1, content).bind_blob(2, digest);
    if (auto done = update.run(); !done.ok()) return done.failure();
    if (database.changes() > 0) continue;
    auto insert =
        database.prepare("INSERT INTO thread_links(digest, thread_id, content) VALUES(?, ?, ?)");
    insert.bind_blob(1, digest).bind_blob(2, thread.value()).bind(3, content);
    if (auto done = insert.run(); !done.ok()) return done.failure();
  }
  return thread;
}

Outcome<void> unlink_thread(sqlcipher::Database& database, std::int64_t content) {
  auto remove = database.prepare("DELETE FROM thread_links WHERE content = ?");
  remove.bind(1, content);
  return remove.run();
}

}  // namespace fwd::mailbox
