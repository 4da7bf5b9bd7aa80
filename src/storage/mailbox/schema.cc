// The tables of one mailbox file.  Written for SQLite 3.15.2.
#include "storage/mailbox/schema.h"

#include "model/folder.h"

namespace fwd::mailbox {
namespace {

// Version 1.  Blobs come last in their rows, so that what stands before them is
// read without walking their overflow pages.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE mailbox(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  alias_id TEXT NOT NULL,
  created INTEGER NOT NULL,
  uid_validity INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  spool_mark INTEGER NOT NULL,
  used INTEGER NOT NULL);
CREATE TABLE folders(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  object_id TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL UNIQUE,
  special_use INTEGER NOT NULL,
  subscribed INTEGER NOT NULL,
  selectable INTEGER NOT NULL,
  uid_validity INTEGER NOT NULL,
  uid_next INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  unseen INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  size INTEGER NOT NULL,
  first_recent INTEGER NOT NULL,
  expunged_floor INTEGER NOT NULL,
  expunged_rows INTEGER NOT NULL);
CREATE TABLE messages(
  folder INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  keywords TEXT,
  internal_date INTEGER NOT NULL,
  save_date INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sent_date INTEGER,
  sent_zone INTEGER NOT NULL,
  content INTEGER NOT NULL,
  email_id BLOB NOT NULL,
  thread_id BLOB NOT NULL,
  PRIMARY KEY (folder, uid)) WITHOUT ROWID;
CREATE INDEX messages_by_modseq ON messages(folder, modseq);
CREATE TABLE contents(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  shares INTEGER NOT NULL,
  octets INTEGER NOT NULL,
  size INTEGER NOT NULL,
  chunks INTEGER NOT NULL);
CREATE TABLE outlines(
  content INTEGER PRIMARY KEY,
  envelope BLOB NOT NULL,
  body BLOB NOT NULL,
  preview BLOB NOT NULL,
  body_structure BLOB NOT NULL,
  parts BLOB NOT NULL);
CREATE TABLE search_texts(
  content INTEGER PRIMARY KEY,
  head BLOB NOT NULL,
  body BLOB NOT NULL);
CREATE TABLE chunks(
  id INTEGER PRIMARY KEY,
  start INTEGER NOT NULL,
  raw_size INTEGER NOT NULL,
  packed BLOB NOT NULL);
CREATE TABLE expunged(
  folder INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (folder, modseq, first)) WITHOUT ROWID;
CREATE TABLE keywords(
  folded TEXT PRIMARY KEY,
  name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE thread_links(
  digest BLOB PRIMARY KEY,
  thread_id BLOB NOT NULL,
  content INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX thread_links_by_content ON thread_links(content);
CREATE TABLE deliveries(
  id INTEGER PRIMARY KEY,
  stored INTEGER NOT NULL,
  delivery_id TEXT NOT NULL UNIQUE);
CREATE TABLE former_names(
  path TEXT PRIMARY KEY,
  uid_validity INTEGER NOT NULL) WITHOUT ROWID;
)sql";

// Version 2.  Names that are subscribed to and have no folder; a later id was
// added later.
constexpr std::string_view kSecond = R"sql(
CREATE TABLE bare_subscriptions(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE);
)sql";

constexpr sqlcipher::SchemaStep kSteps[] = {{kFirst}, {kSecond}};

struct DefaultFolder {
  std::string_view path;
  model::SpecialUse use;
};
constexpr DefaultFolder kDefaults[] = {
    {"INBOX", model::SpecialUse::kInbox},    {"Drafts", model::SpecialUse::kDrafts},
    {"Sent Mail", model::SpecialUse::kSent}, {"Archive", model::SpecialUse::kArchive},
    {"Spam", model::SpecialUse::kJunk},      {"Trash", model::SpecialUse::kTrash},
};

}  // namespace

Outcome<void> migrate_schema(sqlcipher::Database& database) {
  return sqlcipher::migrate(database, kSteps, static_cast<int>(std::size(kSteps)));
}

Outcome<void> fill_new_mailbox(sqlcipher::Database& database, const std::string& alias_id,
                               std::int64_t now) {
  std::int64_t uid_validity = now;
  for (const DefaultFolder& folder : kDefaults) {
    auto insert = database.prepare(
        "INSERT INTO folders(object_id, path, special_use, subscribed, selectable, uid_validity,"
        " uid_next, modseq, messages, unseen, deleted, size, first_recent, expunged_floor,"
        " expunged_rows)"
        " VALUES(lower(hex(randomblob(12))), ?, ?, 1, 1, ?, 1, 1, 0, 0, 0, 0, 1, 0, 0)");
    insert.bind(1, folder.path).bind(2, static_cast<std::int64_t>(folder.use));
    insert.bind(3, uid_validity++);
    if (auto done = insert.run(); !done.ok()) return done;
  }
  auto insert = database.prepare(
      "INSERT INTO mailbox(id, alias_id, created, uid_validity, modseq, spool_mark, used)"
      " VALUES(1, ?, ?, ?, 1, 0, 0)");
  insert.bind(1, alias_id).bind(2, now).bind(3, uid_validity - 1);
  return insert.run();
}

}  // namespace fwd::mailbox
