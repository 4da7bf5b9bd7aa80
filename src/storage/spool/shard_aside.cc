// Entries of a shard that could not be taken in: kept, shown, brought back.
#include <utility>

#include "storage/spool/shard_file.h"

namespace fwd::spool {
namespace {

constexpr std::size_t kWhyOctets = 500;
// Brought back in one transaction, which writes them anew.
constexpr std::int64_t kBackEntries = 200;
constexpr std::int64_t kBackOctets = 8 << 20;

}  // namespace

Outcome<void> ShardFile::set_aside(const std::string& alias_id, std::int64_t id,
                                   const std::string& why, std::int64_t now) {
  auto insert = database_->prepare(
      "INSERT OR IGNORE INTO aside(entry, since, why)"
      " SELECT id, ?3, ?4 FROM entries WHERE alias_id = ?1 AND id = ?2");
  insert.bind(1, alias_id).bind(2, id).bind(3, now);
  insert.bind(4, std::string_view(why).substr(0, kWhyOctets));
  return insert.run();
}

// AUTOINCREMENT counts what is inserted; a new id for a row that is there is
// taken from the same count.
Outcome<std::int64_t> ShardFile::next_id() {
  auto count =
      database_->prepare("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'entries'");
  if (auto done = count.run(); !done.ok()) return done.failure();
  auto select = database_->prepare("SELECT seq FROM sqlite_sequence WHERE name = 'entries'");
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kCorrupt, "", "the spool has lost its count of ids"};
  return select.integer(0);
}

Outcome<std::int64_t> ShardFile::newest_aside(const std::string& alias_id) {
  auto select = database_->prepare(
      "SELECT coalesce(max(e.id), 0) FROM aside a JOIN entries e ON e.id = a.entry"
      " WHERE e.alias_id = ?");
  select.bind(1, alias_id);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  return select.integer(0);
}

Outcome<std::uint64_t> ShardFile::bring_back_some(const std::string& alias_id,
                                                  std::int64_t up_to_id) {
  std::vector<std::int64_t> ids;
  auto select = database_->prepare(
      "SELECT e.id, e.octets FROM aside a JOIN entries e ON e.id = a.entry"
      " WHERE e.alias_id = ? AND e.id <= ? ORDER BY e.id LIMIT ?");
  select.bind(1, alias_id).bind(2, up_to_id).bind(3, kBackEntries);
  for (std::int64_t octets = 0;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    octets += select.integer(1);
    if (!ids.empty() && octets > kBackOctets) break;
    ids.push_back(select.integer(0));
  }
  select.reset();
  for (const std::int64_t id : ids) {
    auto next = next_id();
    if (!next.ok()) return next.failure();
    for (const char* sql : {"UPDATE entries SET id = ?2 WHERE id = ?1",
                            "UPDATE pieces SET entry = ?2 WHERE entry = ?1"}) {
      auto change = database_->prepare(sql);
      change.bind(1, id).bind(2, next.value());
      if (auto done = change.run(); !done.ok()) return done.failure();
    }
    auto back = database_->prepare("DELETE FROM aside WHERE entry = ?");
    back.bind(1, id);
    if (auto done = back.run(); !done.ok()) return done.failure();
  }
  return static_cast<std::uint64_t>(ids.size());
}

Outcome<std::vector<Listed>> ShardFile::list(const std::string& alias_id, std::int64_t after_id,
                                             std::uint32_t most) {
  auto select = database_->prepare(
      "SELECT e.id, e.delivery_id, e.stored, e.octets, a.entry IS NOT NULL, a.since, a.why"
      " FROM entries e LEFT JOIN aside a ON a.entry = e.id"
      " WHERE e.alias_id = ? AND e.id > ? ORDER BY e.id LIMIT ?");
  select.bind(1, alias_id).bind(2, after_id).bind(3, std::int64_t{most});
  std::vector<Listed> out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    Listed one;
    one.id = select.integer(0);
    one.delivery_id = select.text(1);
    one.stored = select.integer(2);
    one.octets = static_cast<std::uint64_t>(select.integer(3));
    one.is_aside = select.integer(4) != 0;
    one.aside_since = select.integer(5);
    one.why = select.text(6);
    out.push_back(std::move(one));
  }
}

}  // namespace fwd::spool
