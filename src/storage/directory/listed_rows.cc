// The rows of the sender lists.
#include "storage/directory/listed_rows.h"

#include <optional>
#include <utility>

#include "storage/directory/record_rows.h"

namespace fwd::directory {
namespace {

using model::ListedSender;
using model::ListKind;

Outcome<ListedSender> read_entry(const sqlcipher::Statement& row) {
  const std::int64_t kind = row.integer(0);
  if (kind != static_cast<std::int64_t>(ListKind::kAllow) &&
      kind != static_cast<std::int64_t>(ListKind::kDeny))
    return Failure{Fault::kCorrupt, "", "a sender list has an entry of no known kind"};
  ListedSender entry;
  entry.kind = static_cast<ListKind>(kind);
  entry.value = row.text(1);
  entry.reason = row.text(2);
  entry.is_learned = row.integer(3) != 0;
  entry.created = row.integer(4);
  entry.expires = row.integer(5);
  return entry;
}

Outcome<void> read_entries(sqlcipher::Statement& rows, std::vector<ListedSender>& into) {
  for (;;) {
    const Outcome<bool> row = rows.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return {};
    auto entry = read_entry(rows);
    if (!entry.ok()) return entry.failure();
    into.push_back(std::move(entry).value());
  }
}

bool is_in_force(const ListedSender& entry, model::Date now) {
  return entry.expires == 0 || entry.expires > now.ms;
}

// The entry of that kind and value, in force or not.
Outcome<std::optional<ListedSender>> find_entry(sqlcipher::Database& database, ListKind kind,
                                                const std::string& value) {
  sqlcipher::Statement rows = database.prepare(
      "SELECT kind, value, reason, is_learned, created, expires FROM listed"
      " WHERE value = ?1 AND kind = ?2");
  rows.bind(1, std::string_view(value)).bind(2, static_cast<std::int64_t>(kind));
  std::vector<ListedSender> found;
  const auto read = read_entries(rows, found);
  if (!read.ok()) return read.failure();
  if (found.empty()) return std::optional<ListedSender>();
  return std::optional<ListedSender>(std::move(found[0]));
}

Outcome<bool> has_room(sqlcipher::Database& database, const ListedSender& entry, std::size_t most) {
  const auto taken =
      find_integer(database,
                   entry.is_learned ? "SELECT COUNT(*) FROM listed WHERE is_learned = 1"
                                    : "SELECT COUNT(*) FROM listed",
                   {});
  if (!taken.ok()) return taken.failure();
  const auto bound = static_cast<std::int64_t>(entry.is_learned ? most / 2 : most);
  return taken.value().value_or(0) < bound;
}

Outcome<void> make_room(sqlcipher::Database& database, const ListedSender& entry, std::size_t most,
                        model::Date now) {
  auto room = has_room(database, entry, most);
  if (room.ok() && !room.value()) {
    const auto forgotten = forget_expired(database, now);
    if (!forgotten.ok()) return forgotten;
    room = has_room(database, entry, most);
  }
  if (!room.ok()) return room.failure();
  if (room.value()) return {};
  return Failure{Fault::kOverLimit, "the sender lists are full", ""};
}

Outcome<void> write_entry(sqlcipher::Database& database, const ListedSender& entry) {
  sqlcipher::Statement statement = database.prepare(
      "INSERT OR REPLACE INTO listed (kind, value, reason, is_learned, created, expires)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  statement.bind(1, static_cast<std::int64_t>(entry.kind));
  statement.bind(2, std::string_view(entry.value)).bind(3, std::string_view(entry.reason));
  statement.bind(4, std::int64_t{entry.is_learned}).bind(5, entry.created).bind(6, entry.expires);
  return statement.run();
}

}  // namespace

Outcome<std::vector<ListedSender>> find_listed(sqlcipher::Database& database,
                                               const std::vector<std::string>& values,
                                               model::Date now) {
  std::vector<ListedSender> found;
  // Most systems list nobody: then no message costs more than this.
  const auto any = find_integer(database, "SELECT 1 FROM listed LIMIT 1", {});
  if (!any.ok()) return any.failure();
  if (!any.value()) return found;
  sqlcipher::Statement rows = database.prepare(
      "SELECT kind, value, reason, is_learned, created, expires FROM listed"
      " WHERE value = ?1 AND (expires = 0 OR expires > ?2) ORDER BY kind");
  for (const std::string& value : values) {
    rows.reset();
    rows.bind(1, std::string_view(value)).bind(2, now.ms);
    const auto read = read_entries(rows, found);
    if (!read.ok()) return read.failure();
  }
  return found;
}

Outcome<ListedSender> put_listed(sqlcipher::Database& database, ListedSender entry,
                                 std::size_t most, model::Date now) {
  entry.created = now.ms;
  const auto done = database.transaction([&]() -> Outcome<void> {
    auto before = find_entry(database, entry.kind, entry.value);
    if (!before.ok()) return before.failure();
    if (before.value() && entry.is_learned && !before.value()->is_learned &&
        is_in_force(*before.value(), now)) {
      entry = std::move(*before.value());
      return {};
    }
    // Who takes the place of his like needs no room.
    if (!before.value() || before.value()->is_learned != entry.is_learned) {
      const auto room = make_room(database, entry, most, now);
      if (!room.ok()) return room;
    }
    return write_entry(database, entry);
  });
  if (!done.ok()) return done.failure();
  return entry;
}

Outcome<void> remove_listed(sqlcipher::Database& database, ListKind kind,
                            const std::string& value) {
  sqlcipher::Statement statement =
      database.prepare("DELETE FROM listed WHERE value = ?1 AND kind = ?2");
  statement.bind(1, std::string_view(value)).bind(2, static_cast<std::int64_t>(kind));
  const auto done = statement.run();
  if (!done.ok()) return done;
  if (database.changes() > 0) return {};
  return Failure{Fault::kNotFound, "there is no such entry", ""};
}

Outcome<std::vector<ListedSender>> list_listed(sqlcipher::Database& database, ListKind kind,
                                               const std::string& after, model::Date now) {
  sqlcipher::Statement rows = database.prepare(
      "SELECT kind, value, reason, is_learned, created, expires FROM listed"
      " WHERE kind = ?1 AND value > ?2 AND (expires = 0 OR expires > ?3)"
      " ORDER BY value LIMIT ?4");
  rows.bind(1, static_cast<std::int64_t>(kind)).bind(2, std::string_view(after));
  rows.bind(3, now.ms).bind(4, static_cast<std::int64_t>(model::kMostListedPage));
  std::vector<ListedSender> found;
  const auto read = read_entries(rows, found);
  if (!read.ok()) return read.failure();
  return found;
}

Outcome<void> forget_expired(sqlcipher::Database& database, model::Date now) {
  sqlcipher::Statement statement =
      database.prepare("DELETE FROM listed WHERE expires != 0 AND expires <= ?1");
  statement.bind(1, now.ms);
  return statement.run();
}

}  // namespace fwd::directory
