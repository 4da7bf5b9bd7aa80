// The schema of the directory's file.  Written for SQLite 3.15: no UPSERT, no
// RETURNING.  A record's document holds all of it; columns beside it are what
// we look for, and what routing mail needs without reading the document.
#include "storage/directory/schema.h"

#include <iterator>

namespace fwd::directory {
namespace {

constexpr std::string_view kFirst = R"(
CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  updated_at INTEGER NOT NULL,       -- milliseconds since 1970: the version
  is_banned INTEGER NOT NULL,
  quota INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE TABLE domains (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,                -- as people write it
  name_key TEXT NOT NULL UNIQUE,     -- ASCII, lower case
  updated_at INTEGER NOT NULL,
  has_regex INTEGER NOT NULL,
  has_catchall INTEGER NOT NULL,
  quota INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE TABLE members (
  domain_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (domain_id, user_id)
) WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id);
CREATE TABLE aliases (
  id TEXT NOT NULL PRIMARY KEY,
  domain_id TEXT NOT NULL,
  name TEXT NOT NULL,                -- as people write it
  name_key TEXT NOT NULL,            -- as it is compared
  user_id TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  is_enabled INTEGER NOT NULL,
  error_code INTEGER NOT NULL,       -- 250, 421, 550: when disabled
  has_imap INTEGER NOT NULL,
  quota INTEGER NOT NULL,
  locals TEXT NOT NULL,              -- where it leads: see kSixth
  document TEXT NOT NULL,
  UNIQUE (domain_id, name_key)
);
CREATE INDEX aliases_by_user ON aliases (user_id);
CREATE TABLE mailboxes (
  alias_id TEXT NOT NULL PRIMARY KEY,
  inbox_public BLOB NOT NULL,
  created INTEGER NOT NULL,          -- seconds since 1970
  last_login INTEGER NOT NULL        -- seconds since 1970, 0: never
) WITHOUT ROWID;
CREATE TABLE credentials (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alias_id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX credentials_by_alias ON credentials (alias_id);
)";

// Octets the mail in the file takes, when it was last looked at with its key; a
// file does not shrink when mail is deleted.  -1: not known.
constexpr std::string_view kSecond =
    "ALTER TABLE mailboxes ADD COLUMN used INTEGER NOT NULL DEFAULT -1;";

// Who is a domain's postmaster: its column, else the alias that was made first,
// which the index finds at once, as its entries of one domain go by rowid.
constexpr std::string_view kThird = R"(
ALTER TABLE domains ADD COLUMN postmaster TEXT NOT NULL DEFAULT '';
CREATE INDEX aliases_by_domain ON aliases (domain_id);
)";

// What is to become of files and spooled mail, written in the commit that decided
// it and taken out when it is done: a crash between the two is made good at the
// next start.  See intention.h.
constexpr std::string_view kFourth = R"(
CREATE TABLE intentions (
  alias_id TEXT NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  spool_up_to INTEGER NOT NULL,
  since INTEGER NOT NULL             -- seconds since 1970
) WITHOUT ROWID;
)";

// Who is let in or kept out by name, see model/sender_lists.h.
constexpr std::string_view kFifth = R"(
CREATE TABLE listed (
  kind INTEGER NOT NULL,             -- 1: allow, 2: deny
  value TEXT NOT NULL,               -- in its one spelling
  reason TEXT NOT NULL,
  is_learned INTEGER NOT NULL,
  created INTEGER NOT NULL,          -- milliseconds since 1970
  expires INTEGER NOT NULL,          -- milliseconds since 1970, 0: never
  PRIMARY KEY (value, kind)
) WITHOUT ROWID;
)";

// The column "locals" is now what write_leads() says; "?" is carried over from
// the document when the file is opened.
constexpr std::string_view kSixth = "UPDATE aliases SET locals = '?';";

constexpr sqlcipher::SchemaStep kSteps[] = {{kFirst},  {kSecond}, {kThird},
                                            {kFourth}, {kFifth},  {kSixth}};

}  // namespace

Outcome<void> migrate(sqlcipher::Database& database) {
  return sqlcipher::migrate(database, kSteps, static_cast<int>(std::size(kSteps)));
}

}  // namespace fwd::directory
