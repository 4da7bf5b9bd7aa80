// Opening the file, reading content, and what time does to messages.
#include <algorithm>

#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"
#include "storage/queue/schema.h"

namespace fwd::queue {
namespace {

constexpr std::uint64_t kPiece = 256 << 10;
constexpr std::uint64_t kMostRead = 16 << 20;
constexpr std::int64_t kForgetPrint = 24 * 3600 * std::int64_t{1000};
constexpr std::int64_t kForgetDestination = 24 * 3600 * std::int64_t{1000};

}  // namespace

QueueFile::QueueFile(std::unique_ptr<sqlcipher::Database> database, QueueOptions options)
    : database_(std::move(database)), options_(options) {}

Outcome<std::shared_ptr<QueueFile>> QueueFile::open(const std::string& path,
                                                    const crypto::SecretKey& key,
                                                    std::string_view salt, QueueOptions options) {
  sqlcipher::OpenOptions how;
  how.create = true;
  how.cache_pages = options.cache_pages;
  auto database = sqlcipher::Database::open(path, key, salt, how);
  if (!database.ok()) return database.failure();
  const Outcome<void> migrated = migrate(*database.value());
  if (!migrated.ok()) return migrated.failure();
  return std::shared_ptr<QueueFile>(new QueueFile(std::move(database).value(), options));
}

Outcome<std::string> QueueFile::read(const std::string& id, std::uint64_t offset,
                                     std::uint64_t most) {
  const auto number = find_number(*database_, id);
  if (!number.ok()) return number.failure();
  const auto stored = read_message(*database_, number.value());
  if (!stored.ok()) return stored.failure();
  if (stored.value().message.is_redacted)
    return Failure{Fault::kNotFound, "the content is kept no more", ""};
  const std::uint64_t size = stored.value().message.size;
  if (offset >= size) return std::string();
  const std::uint64_t wanted = std::min({most, size - offset, kMostRead});
  std::string octets;
  octets.reserve(wanted);
  sqlcipher::Statement rows = prepare(
      *database_, "SELECT octets FROM contents WHERE message = ?1 AND number >= ?2 ORDER BY number",
      {number.value(), static_cast<std::int64_t>(offset / kPiece)});
  std::uint64_t skip = offset % kPiece;
  while (octets.size() < wanted) {
    const Outcome<bool> more = rows.step();
    if (!more.ok()) return more.failure();
    if (!more.value() || rows.view(0).size() < skip)
      return Failure{Fault::kCorrupt, "", "a queued message has lost some of its pieces"};
    octets += rows.view(0).substr(skip, wanted - octets.size());
    skip = 0;
  }
  return octets;
}

Outcome<void> QueueFile::drop_content(std::int64_t number) {
  const auto size = find_integer(
      *database_, "SELECT size FROM messages WHERE number = ?1 AND is_redacted = 0", {number});
  if (!size.ok()) return size.failure();
  if (!size.value()) return {};
  Outcome<void> done = run(*database_, "DELETE FROM contents WHERE message = ?1", {number});
  if (done.ok())
    done = run(*database_, "UPDATE messages SET is_redacted = 1, redact_at = 0 WHERE number = ?1",
               {number});
  if (done.ok()) done = count(-*size.value(), 0);
  return done;
}

Outcome<std::uint64_t> QueueFile::redact_some(std::int64_t now, std::uint32_t most) {
  const auto numbers = list_integers(*database_,
                                     "SELECT number FROM messages WHERE redact_at > 0 AND"
                                     " redact_at <= ?1 ORDER BY redact_at LIMIT ?2",
                                     {now, std::int64_t{most}});
  if (!numbers.ok()) return numbers.failure();
  for (const std::int64_t number : numbers.value())
    if (const Outcome<void> done = drop_content(number); !done.ok()) return done.failure();
  const Outcome<void> done = run(*database_,
                                 "DELETE FROM destinations WHERE waiting = 0 AND told < ?1 AND"
                                 " paused_until <= ?2",
                                 {now - kForgetDestination, now});
  if (!done.ok()) return done.failure();
  const Outcome<void> forgotten = forget_paths(now);
  if (!forgotten.ok()) return forgotten.failure();
  return numbers.value().size();
}

// What forwards leave behind for a while.
Outcome<void> QueueFile::forget_paths(std::int64_t now) {
  Outcome<void> done =
      run(*database_, "DELETE FROM prints WHERE created < ?1", {now - kForgetPrint});
  for (const std::string_view sql :
       {"DELETE FROM credits WHERE until < ?1", "DELETE FROM short_paths WHERE until < ?1"})
    if (done.ok()) done = run(*database_, sql, {now});
  return done;
}

Outcome<std::uint64_t> QueueFile::forget_some(std::int64_t ended_before, std::uint32_t most) {
  const auto numbers = list_integers(
      *database_,
      "SELECT number FROM messages WHERE ended > 0 AND ended < ?1 ORDER BY ended LIMIT ?2",
      {ended_before, std::int64_t{most}});
  if (!numbers.ok()) return numbers.failure();
  for (const std::int64_t number : numbers.value()) {
    Outcome<void> done = drop_content(number);
    for (const std::string_view sql :
         {"DELETE FROM forwards WHERE message = ?1", "DELETE FROM forward_parts WHERE message = ?1",
          "DELETE FROM recipients WHERE message = ?1", "DELETE FROM messages WHERE number = ?1"})
      if (done.ok()) done = run(*database_, sql, {number});
    if (!done.ok()) return done.failure();
  }
  return numbers.value().size();
}

Outcome<void> QueueFile::check() {
  if (auto pages = database_->check(); !pages.ok()) return pages;
  const std::string ready =
      "SELECT 1 FROM destinations WHERE ifnull(ready, 0) <> ifnull(" + std::string(kReady) + ", 0)";
  for (const char* broken :
       {"SELECT 1 FROM totals WHERE octets <> (SELECT TOTAL(size) FROM messages WHERE"
        " is_redacted = 0) OR open <> (SELECT COUNT(*) FROM messages WHERE state < 4)",
        "SELECT 1 FROM messages m WHERE is_redacted = 0 AND size <>"
        " (SELECT TOTAL(length(octets)) FROM contents WHERE message = m.number)",
        "SELECT 1 FROM contents c JOIN messages m ON m.number = c.message WHERE m.is_redacted",
        "SELECT 1 FROM contents WHERE message NOT IN (SELECT number FROM messages)",
        "SELECT 1 FROM recipients WHERE message NOT IN (SELECT number FROM messages)",
        "SELECT 1 FROM forwards WHERE message NOT IN (SELECT number FROM messages)",
        "SELECT 1 FROM messages WHERE is_forward <> (number IN (SELECT message FROM forwards))",
        "SELECT 1 FROM messages m WHERE (state < 4) <>"
        " EXISTS (SELECT 1 FROM recipients WHERE message = m.number AND state = 1)",
        "SELECT 1 FROM messages WHERE (state < 4) <> (ended = 0)",
        "SELECT 1 FROM recipients r JOIN messages m ON m.number = r.message WHERE"
        " (due IS NOT NULL) <> (r.state = 1 AND m.state > 1 AND NOT m.is_held)",
        "SELECT 1 FROM recipients WHERE due <> max(next_attempt, leased_until)",
        "SELECT 1 FROM recipients r JOIN messages m ON m.number = r.message WHERE"
        " r.state = 1 AND r.expires <> m.expires AND NOT m.is_given_up AND NOT r.is_untold",
        ready.c_str(),
        "SELECT 1 FROM destinations d WHERE waiting <>"
        " (SELECT COUNT(*) FROM recipients WHERE state = 1 AND destination = d.name)",
        "SELECT 1 FROM recipients WHERE state = 1 AND destination NOT IN"
        " (SELECT name FROM destinations)"}) {
    auto select = database_->prepare(broken);
    auto found = select.step();
    if (!found.ok()) return found.failure();
    if (found.value())
      return Failure{Fault::kCorrupt, "", "the queue has miscounted: " + std::string(broken)};
  }
  return {};
}

}  // namespace fwd::queue
