// One shard of the spool.
#include "storage/spool/shard_file.h"

#include <algorithm>
#include <utility>

#include "crypto/digest.h"

namespace fwd::spool {
namespace {

using sqlcipher::Database;

constexpr std::string_view kFirst = R"sql(
CREATE TABLE spool(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL,
  shards INTEGER NOT NULL,
  created INTEGER NOT NULL);
CREATE TABLE entries(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alias_id TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  stored INTEGER NOT NULL,
  octets INTEGER NOT NULL,
  pieces INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (alias_id, delivery_id));
CREATE INDEX entries_by_alias ON entries(alias_id);
CREATE TABLE pieces(
  entry INTEGER NOT NULL,
  number INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (entry, number));
CREATE TABLE aliases(
  alias_id TEXT PRIMARY KEY,
  entries INTEGER NOT NULL,
  octets INTEGER NOT NULL) WITHOUT ROWID;
)sql";
// A table of its own, nearly always empty: a column behind the blob would cost
// a walk over its pages, and one before it a new copy of every row.
constexpr std::string_view kSecond = "CREATE TABLE aside(entry INTEGER PRIMARY KEY);";
// When it was set aside (seconds since 1970; 0: by a release that did not say) and why.
constexpr std::string_view kThird =
    "ALTER TABLE aside ADD COLUMN since INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE aside ADD COLUMN why TEXT NOT NULL DEFAULT '';";
constexpr sqlcipher::SchemaStep kSteps[] = {{kFirst}, {kSecond}, {kThird}};
constexpr int kVersion = 3;

constexpr std::string_view kNotAside = " AND id NOT IN (SELECT entry FROM aside)";

// A longer entry is kept in pieces of this size.
constexpr std::size_t kWhole = 1 << 20;
constexpr std::size_t kPiece = 256 << 10;
constexpr std::size_t kAliasOctets = 64;
constexpr std::size_t kDeliveryIdOctets = 200;

// Ids of a file made at `now` begin here.  A mailbox remembers the highest id it
// took in and skips what is not above; so a spool that was lost and made anew
// must not begin below.  2^20 ids a second keep them apart till long after 2200.
std::int64_t first_id(std::int64_t now) { return now << 20; }

// Names what a file without its number cannot be mistaken for.
std::string salt_of(unsigned number) {
  return crypto::blake2b(16, "spool/" + std::to_string(number));
}

}  // namespace

ShardFile::ShardFile(std::unique_ptr<Database> database, const SpoolOptions& options)
    : database_(std::move(database)),
      alias_octets_(options.alias_octets),
      alias_entries_(options.alias_entries),
      shards_(std::max(1U, options.shards)) {}

Outcome<std::unique_ptr<ShardFile>> ShardFile::open(const std::string& path,
                                                    const crypto::SecretKey& key, unsigned number,
                                                    const SpoolOptions& options, std::int64_t now) {
  sqlcipher::OpenOptions how;
  how.create = true;
  how.cache_pages = options.cache_pages;
  auto opened = Database::open(path, key, salt_of(number), how);
  if (!opened.ok()) return opened.failure();
  std::unique_ptr<ShardFile> file(new ShardFile(std::move(opened).value(), options));
  if (auto done = sqlcipher::migrate(*file->database_, kSteps, kVersion); !done.ok())
    return done.failure();
  auto loaded = file->database_->transaction([&] { return file->load(number, now); });
  if (!loaded.ok()) return loaded.failure();
  return file;
}

Outcome<void> ShardFile::load(unsigned number, std::int64_t now) {
  auto select = database_->prepare("SELECT shards FROM spool WHERE id = 1");
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (found.value()) {
    shards_ = static_cast<unsigned>(select.integer(0));
    return {};
  }
  auto insert =
      database_->prepare("INSERT INTO spool(id, number, shards, created) VALUES(1, ?, ?, ?)");
  insert.bind(1, std::int64_t{number}).bind(2, std::int64_t{shards_}).bind(3, now);
  if (auto done = insert.run(); !done.ok()) return done;
  auto begin = database_->prepare("INSERT INTO sqlite_sequence(name, seq) VALUES('entries', ?)");
  begin.bind(1, first_id(now));
  return begin.run();
}

Outcome<void> ShardFile::count(const std::string& alias_id, std::int64_t entries,
                               std::int64_t octets) {
  auto update = database_->prepare(
      "UPDATE aliases SET entries = entries + ?, octets = octets + ? WHERE alias_id = ?");
  update.bind(1, entries).bind(2, octets).bind(3, alias_id);
  if (auto done = update.run(); !done.ok()) return done;
  if (database_->changes() == 0) {
    auto insert =
        database_->prepare("INSERT INTO aliases(alias_id, entries, octets) VALUES(?, ?, ?)");
    insert.bind(1, alias_id).bind(2, entries).bind(3, octets);
    return insert.run();
  }
  if (entries >= 0) return {};
  auto remove = database_->prepare("DELETE FROM aliases WHERE alias_id = ? AND entries <= 0");
  remove.bind(1, alias_id);
  return remove.run();
}

Outcome<void> ShardFile::append_one(const SpoolEntry& entry, std::int64_t now) {
  if (entry.alias_id.empty() || entry.alias_id.size() > kAliasOctets || entry.delivery_id.empty() ||
      entry.delivery_id.size() > kDeliveryIdOctets)
    return Failure{Fault::kBadInput, "", "an id of a spool entry is empty or too long"};
  auto known = database_->prepare("SELECT 1 FROM entries WHERE alias_id = ? AND delivery_id = ?");
  known.bind(1, entry.alias_id).bind(2, entry.delivery_id);
  auto there = known.step();
  if (!there.ok()) return there.failure();
  if (there.value()) return {};
  auto waiting = counted(entry.alias_id);
  if (!waiting.ok()) return waiting.failure();
  if (waiting.value().entries >= alias_entries_ ||
      waiting.value().octets + entry.sealed.size() > alias_octets_)
    return Failure{Fault::kOverQuota, "the mailbox is full", "too much waits in the spool"};
  const bool whole = entry.sealed.size() <= kWhole;
  const std::size_t pieces = whole ? 0 : (entry.sealed.size() + kPiece - 1) / kPiece;
  auto insert = database_->prepare(
      "INSERT INTO entries(alias_id, delivery_id, stored, octets, pieces, sealed)"
      " VALUES(?, ?, ?, ?, ?, ?)");
  insert.bind(1, entry.alias_id).bind(2, entry.delivery_id).bind(3, now);
  insert.bind(4, static_cast<std::int64_t>(entry.sealed.size()));
  insert.bind(5, static_cast<std::int64_t>(pieces));
  insert.bind_blob_view(6, whole ? std::string_view(entry.sealed) : std::string_view());
  if (auto done = insert.run(); !done.ok()) return done;
  const std::int64_t id = database_->last_insert_id();
  for (std::size_t i = 0; i < pieces; ++i) {
    auto piece = database_->prepare("INSERT INTO pieces(entry, number, sealed) VALUES(?, ?, ?)");
    piece.bind(1, id).bind(2, static_cast<std::int64_t>(i));
    piece.bind_blob_view(3, std::string_view(entry.sealed).substr(i * kPiece, kPiece));
    if (auto done = piece.run(); !done.ok()) return done;
  }
  return count(entry.alias_id, 1, static_cast<std::int64_t>(entry.sealed.size()));
}

Outcome<void> ShardFile::append(const std::vector<SpoolEntry>& entries, std::int64_t now) {
  for (const SpoolEntry& entry : entries)
    if (auto done = append_one(entry, now); !done.ok()) return done;
  return {};
}

namespace {

Outcome<void> add_pieces(Database& database, Waiting& entry) {
  auto select = database.prepare("SELECT sealed FROM pieces WHERE entry = ? ORDER BY number");
  select.bind(1, entry.id);
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return {};
    entry.sealed += select.view(0);
  }
}

}  // namespace

Outcome<std::vector<Waiting>> ShardFile::read(const std::string& alias_id, std::int64_t after_id,
                                              std::uint64_t most_octets) {
  auto select = database_->prepare(
      "SELECT id, delivery_id, stored, octets, pieces, sealed FROM entries"
      " WHERE alias_id = ? AND id > ?" +
      std::string(kNotAside) + " ORDER BY id");
  select.bind(1, alias_id).bind(2, after_id);
  std::vector<Waiting> out;
  std::uint64_t octets = 0;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    const auto size = static_cast<std::uint64_t>(select.integer(3));
    octets += size;
    if (!out.empty() && octets > most_octets) return out;
    Waiting entry;
    entry.id = select.integer(0);
    entry.delivery_id = select.text(1);
    entry.stored = select.integer(2);
    entry.sealed = select.text(5);
    if (select.integer(4) > 0) {
      entry.sealed.reserve(size);
      if (auto done = add_pieces(*database_, entry); !done.ok()) return done.failure();
    }
    if (entry.sealed.size() != size)
      return Failure{Fault::kCorrupt, "", "a spool entry has lost some of its pieces"};
    out.push_back(std::move(entry));
  }
}

Outcome<void> ShardFile::remove(const std::string& alias_id, std::int64_t up_to_id) {
  auto back = database_->prepare(
      "DELETE FROM aside WHERE entry IN (SELECT id FROM entries WHERE alias_id = ? AND id <= ?)");
  back.bind(1, alias_id).bind(2, up_to_id);
  if (auto done = back.run(); !done.ok()) return done;
  return forget(alias_id, up_to_id);
}

Outcome<std::int64_t> ShardFile::newest(const std::string& alias_id) {
  auto select = database_->prepare("SELECT coalesce(max(id), 0) FROM entries WHERE alias_id = ?");
  select.bind(1, alias_id);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  return select.integer(0);
}

Outcome<void> ShardFile::forget(const std::string& alias_id, std::int64_t up_to_id) {
  const std::string which = " WHERE alias_id = ? AND id <= ?" + std::string(kNotAside);
  auto sum = database_->prepare("SELECT count(*), coalesce(sum(octets), 0) FROM entries" + which);
  sum.bind(1, alias_id).bind(2, up_to_id);
  auto found = sum.step();
  if (!found.ok()) return found.failure();
  const std::int64_t entries = sum.integer(0), octets = sum.integer(1);
  sum.reset();
  if (entries == 0) return {};
  for (const std::string& sql :
       {"DELETE FROM pieces WHERE entry IN (SELECT id FROM entries" + which + " AND pieces > 0)",
        "DELETE FROM entries" + which}) {
    auto remove = database_->prepare(sql);
    remove.bind(1, alias_id).bind(2, up_to_id);
    if (auto done = remove.run(); !done.ok()) return done;
  }
  return count(alias_id, -entries, -octets);
}

Outcome<SpoolStats> ShardFile::counted(const std::string& alias_id) {
  auto select = database_->prepare("SELECT entries, octets FROM aliases WHERE alias_id = ?");
  select.bind(1, alias_id);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  SpoolStats out;
  if (!found.value()) return out;
  out.entries = static_cast<std::uint64_t>(select.integer(0));
  out.octets = static_cast<std::uint64_t>(select.integer(1));
  return out;
}

Outcome<SpoolStats> ShardFile::stats(const std::string& alias_id) {
  auto out = counted(alias_id);
  if (!out.ok() || out.value().entries == 0) return out;
  auto select = database_->prepare(
      "SELECT count(*) FROM aside a JOIN entries e ON e.id = a.entry WHERE e.alias_id = ?");
  select.bind(1, alias_id);
  auto found = select.step();
  if (!found.ok()) return found.failure();
  out.value().aside = static_cast<std::uint64_t>(select.integer(0));
  return out;
}

Outcome<std::map<std::string, SpoolStats>> ShardFile::all_stats() {
  auto select = database_->prepare("SELECT alias_id, entries, octets FROM aliases");
  std::map<std::string, SpoolStats> out;
  for (;;) {
    auto more = select.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return out;
    SpoolStats& one = out[select.text(0)];
    one.entries = static_cast<std::uint64_t>(select.integer(1));
    one.octets = static_cast<std::uint64_t>(select.integer(2));
  }
}

Outcome<void> ShardFile::check() {
  if (auto pages = database_->check(); !pages.ok()) return pages;
  for (const std::string_view broken :
       {"SELECT 1 FROM aliases a WHERE"
        " entries <> (SELECT count(*) FROM entries WHERE alias_id = a.alias_id) OR"
        " octets <> (SELECT coalesce(sum(octets), 0) FROM entries WHERE alias_id = a.alias_id)",
        "SELECT 1 FROM entries WHERE alias_id NOT IN (SELECT alias_id FROM aliases)",
        "SELECT 1 FROM entries e WHERE"
        " pieces <> (SELECT count(*) FROM pieces WHERE entry = e.id)",
        "SELECT 1 FROM pieces WHERE entry NOT IN (SELECT id FROM entries)",
        "SELECT 1 FROM aside WHERE entry NOT IN (SELECT id FROM entries)"}) {
    auto select = database_->prepare(broken);
    auto found = select.step();
    if (!found.ok()) return found.failure();
    if (found.value()) return Failure{Fault::kCorrupt, "", "the spool has miscounted"};
  }
  return {};
}

}  // namespace fwd::spool
