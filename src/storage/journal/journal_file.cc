// Writes and reads journal.sqlite.
#include "storage/journal/journal_file.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/text.h"
#include "format/json.h"

namespace fwd::journal {
namespace {

constexpr std::uint32_t kMostRead = 100'000;  // whatever the option says
constexpr std::size_t kMostReadOctets = 32 << 20;
constexpr std::int64_t kMostSlice = 500;     // entries forgotten at once
constexpr int kMostSlices = 50;              // for one batch
constexpr std::int64_t kPage = 4096;         // octets
constexpr std::size_t kMostAddresses = 100;  // of one entry

constexpr sqlcipher::SchemaStep kSteps[] = {{R"(
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  message_id TEXT NOT NULL,
  domain_id TEXT NOT NULL,
  alias_id TEXT NOT NULL,
  fields TEXT NOT NULL               -- a JSON object of texts
);
CREATE INDEX entries_by_time ON entries (time_ms);
CREATE INDEX entries_by_message ON entries (message_id) WHERE message_id <> '';
CREATE INDEX entries_by_domain ON entries (domain_id, id) WHERE domain_id <> '';
CREATE INDEX entries_by_alias ON entries (alias_id, id) WHERE alias_id <> '';
CREATE TABLE addresses (
  address TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (address, entry)
) WITHOUT ROWID;
CREATE INDEX addresses_by_entry ON addresses (entry);
)"}};

std::string encode_fields(const model::JournalEntry& entry) {
  format::Json::Object members;
  for (const auto& [name, value] : entry.fields) members.push_back({name, format::Json(value)});
  return format::write_json(format::Json(std::move(members)));
}

Outcome<void> decode_fields(const std::string& text, model::JournalEntry& entry) {
  const Outcome<format::Json> json = format::parse_json(text);
  if (!json.ok() || json.value().object() == nullptr)
    return Failure{Fault::kCorrupt, "a stored journal entry cannot be read", ""};
  for (const format::JsonMember& member : *json.value().object())
    if (member.value.text() != nullptr) entry.fields[member.name] = *member.value.text();
  return {};
}

// The query's text: one AND a field that narrows.
std::string where(const model::JournalQuery& query) {
  std::string sql = " WHERE e.time_ms >= ?1 AND e.time_ms < ?2";
  if (!query.message_id.empty()) sql += " AND e.message_id = ?3 AND e.message_id <> ''";
  if (!query.domain_id.empty()) sql += " AND e.domain_id = ?4 AND e.domain_id <> ''";
  if (!query.alias_id.empty()) sql += " AND e.alias_id = ?5 AND e.alias_id <> ''";
  if (!query.event.empty())  // '/' is the character behind '.'
    sql += " AND (e.event = ?6 OR (e.event > ?6 || '.' AND e.event < ?6 || '/'))";
  if (!query.address.empty())
    sql += " AND e.id IN (SELECT entry FROM addresses WHERE address = ?7)";
  return sql + " ORDER BY e.id DESC LIMIT ?8";
}

}  // namespace

std::vector<std::string> addresses_of(const model::JournalEntry& entry) {
  std::set<std::string> all;
  for (const char* name : {"from", "to", "address"}) {
    const auto field = entry.fields.find(name);
    if (field == entry.fields.end()) continue;
    for (std::string_view part : split(field->second, ',')) {
      part = trim(part);
      if (part.size() > 2 && part.front() == '<' && part.back() == '>')
        part = part.substr(1, part.size() - 2);
      if (!part.empty() && all.size() < kMostAddresses) all.insert(to_lower(part));
    }
  }
  return {all.begin(), all.end()};
}

Outcome<std::shared_ptr<JournalFile>> JournalFile::open(const std::string& path,
                                                        const crypto::SecretKey& key,
                                                        std::string_view salt) {
  sqlcipher::OpenOptions how;
  how.create = true;
  how.cache_pages = 1024;
  auto database = sqlcipher::Database::open(path, key, salt, how);
  if (!database.ok()) return database.failure();
  const Outcome<void> migrated =
      sqlcipher::migrate(*database.value(), kSteps, static_cast<int>(std::size(kSteps)));
  if (!migrated.ok()) return migrated.failure();
  return std::shared_ptr<JournalFile>(new JournalFile(std::move(database).value()));
}

Outcome<void> JournalFile::insert(const model::JournalEntry& entry) {
  sqlcipher::Statement statement = database_->prepare(
      "INSERT INTO entries (time_ms, event, message_id, domain_id, alias_id, fields)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  const std::string fields = encode_fields(entry);
  statement.bind(1, entry.time_ms).bind(2, std::string_view(entry.event));
  statement.bind(3, std::string_view(entry.message_id));
  statement.bind(4, std::string_view(entry.domain_id));
  statement.bind(5, std::string_view(entry.alias_id)).bind(6, std::string_view(fields));
  const Outcome<void> done = statement.run();
  if (!done.ok()) return done;
  const std::int64_t id = database_->last_insert_id();
  sqlcipher::Statement link =
      database_->prepare("INSERT OR IGNORE INTO addresses (address, entry) VALUES (?1, ?2)");
  for (const std::string& address : addresses_of(entry)) {
    const Outcome<void> linked = link.bind(1, std::string_view(address)).bind(2, id).run();
    if (!linked.ok()) return linked;
  }
  return {};
}

Outcome<void> JournalFile::append(const std::vector<model::JournalEntry>& entries,
                                  const JournalBounds& bounds) {
  return database_->transaction([&]() -> Outcome<void> {
    for (const model::JournalEntry& entry : entries) {
      const Outcome<void> done = insert(entry);
      if (!done.ok()) return done;
    }
    return keep_within(bounds);
  });
}

Outcome<std::int64_t> JournalFile::one_number(std::string_view sql) {
  sqlcipher::Statement statement = database_->prepare(sql);
  const Outcome<bool> row = statement.step();
  if (!row.ok()) return row.failure();
  return row.value() ? statement.integer(0) : std::int64_t{0};
}

// Told without a look at the entries: ids count up and the oldest go first, so
// the first and the last say how many there are at most.
Outcome<JournalFile::Extent> JournalFile::measure() {
  const auto first = one_number("SELECT min(id) FROM entries");
  const auto last = one_number("SELECT max(id) FROM entries");
  const auto pages = one_number("PRAGMA page_count");
  const auto unused = one_number("PRAGMA freelist_count");
  for (const auto* number : {&first, &last, &pages, &unused})
    if (!number->ok()) return number->failure();
  Extent extent;
  extent.first = first.value();
  extent.entries = last.value() == 0 ? 0 : last.value() - first.value() + 1;
  extent.octets = (pages.value() - unused.value()) * kPage;
  return extent;
}

// A page is freed with the last row on it, so one batch may not be enough; the
// next goes on.
Outcome<void> JournalFile::keep_within(const JournalBounds& bounds) {
  for (int slice = 0; slice < kMostSlices; ++slice) {
    const auto extent = measure();
    if (!extent.ok()) return extent.failure();
    const auto& [first, entries, octets] = extent.value();
    if (entries == 0 || (static_cast<std::uint64_t>(entries) <= bounds.entries &&
                         static_cast<std::uint64_t>(octets) <= bounds.octets))
      return {};
    const std::int64_t some = std::clamp<std::int64_t>(entries / 20, 1, kMostSlice);
    auto done = remove_where("id >= ?1 AND id < ?2", first, first + some);
    if (!done.ok()) return done;
  }
  return {};
}

Outcome<void> JournalFile::remove_where(std::string_view which, std::int64_t first,
                                        std::int64_t second) {
  for (const std::string_view table : {"addresses WHERE entry IN ", "entries WHERE id IN "}) {
    const std::string sql = "DELETE FROM " + std::string(table) + "(SELECT id FROM entries WHERE " +
                            std::string(which) + ")";
    Outcome<void> ran = database_->prepare(sql).bind(1, first).bind(2, second).run();
    if (!ran.ok()) return ran;
  }
  return {};
}

Outcome<std::vector<model::JournalEntry>> JournalFile::read(const model::JournalQuery& query) {
  sqlcipher::Statement rows = database_->prepare(
      "SELECT e.id, e.time_ms, e.event, e.message_id, e.domain_id, e.alias_id, e.fields"
      " FROM entries e" +
      where(query));
  rows.bind(1, query.since_ms).bind(2, query.until_ms);
  const std::string address = to_lower(query.address);
  if (!query.message_id.empty()) rows.bind(3, std::string_view(query.message_id));
  if (!query.domain_id.empty()) rows.bind(4, std::string_view(query.domain_id));
  if (!query.alias_id.empty()) rows.bind(5, std::string_view(query.alias_id));
  if (!query.event.empty()) rows.bind(6, std::string_view(query.event));
  if (!address.empty()) rows.bind(7, std::string_view(address));
  rows.bind(8, std::int64_t{std::min(query.limit, kMostRead)});
  std::vector<model::JournalEntry> entries;
  for (std::size_t octets = 0; octets < kMostReadOctets;) {
    const Outcome<bool> row = rows.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) break;
    octets += rows.view(6).size();
    model::JournalEntry entry;
    entry.id = static_cast<std::uint64_t>(rows.integer(0));
    entry.time_ms = rows.integer(1);
    entry.event = rows.text(2);
    entry.message_id = rows.text(3);
    entry.domain_id = rows.text(4);
    entry.alias_id = rows.text(5);
    const Outcome<void> decoded = decode_fields(rows.text(6), entry);
    if (!decoded.ok()) return decoded.failure();
    entries.push_back(std::move(entry));
  }
  std::reverse(entries.begin(), entries.end());
  return entries;
}

Outcome<std::uint64_t> JournalFile::forget_some(std::int64_t time_ms, std::uint32_t most) {
  std::uint64_t removed = 0;
  const Outcome<void> done = database_->transaction([&]() -> Outcome<void> {
    Outcome<void> ran =
        remove_where("time_ms < ?1 ORDER BY time_ms, id LIMIT ?2", time_ms, std::int64_t{most});
    if (!ran.ok()) return ran;
    removed = static_cast<std::uint64_t>(database_->changes());
    return {};
  });
  if (!done.ok()) return done.failure();
  return removed;
}

}  // namespace fwd::journal
