// The tables of queue.sqlite.  Written for SQLite 3.15: no UPSERT, no RETURNING.
#include "storage/queue/schema.h"

#include <iterator>

namespace fwd::queue {
namespace {

// Times are milliseconds since 1970.  What a worker looks for stands in indexes:
// destinations_ready gives the next destination, recipients_waiting its next
// recipient, so that picking costs the same with one message or a million.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  state INTEGER NOT NULL,
  is_held INTEGER NOT NULL DEFAULT 0,
  is_redacted INTEGER NOT NULL DEFAULT 0,
  is_given_up INTEGER NOT NULL DEFAULT 0,
  domain_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  alias_id TEXT NOT NULL,
  domain TEXT NOT NULL,               -- signs
  return_path_domain TEXT NOT NULL,
  envelope_from TEXT NOT NULL,
  envelope_id TEXT NOT NULL,
  returns INTEGER NOT NULL,
  body INTEGER NOT NULL,
  smtp_utf8 INTEGER NOT NULL,
  require_tls INTEGER NOT NULL,
  tls_optional INTEGER NOT NULL,
  created INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL,
  header_from TEXT NOT NULL,
  message_id TEXT NOT NULL,
  date INTEGER NOT NULL,
  subject TEXT NOT NULL,
  keep INTEGER NOT NULL,              -- content is kept so long after the end
  redact_at INTEGER NOT NULL DEFAULT 0,
  fingerprint TEXT NOT NULL           -- '' for a notice
);
CREATE INDEX messages_open ON messages (number) WHERE state < 4;
CREATE INDEX messages_by_state ON messages (state, created);
CREATE INDEX messages_by_domain ON messages (domain_id) WHERE domain_id <> '';
CREATE INDEX messages_by_alias ON messages (alias_id) WHERE alias_id <> '';
CREATE INDEX messages_by_message_id ON messages (message_id) WHERE message_id <> '';
CREATE INDEX messages_ended ON messages (ended) WHERE ended > 0;
CREATE INDEX messages_to_redact ON messages (redact_at) WHERE redact_at > 0;
CREATE INDEX messages_by_fingerprint ON messages (fingerprint) WHERE fingerprint <> '';
CREATE TABLE recipients (
  message INTEGER NOT NULL,
  number INTEGER NOT NULL,
  address TEXT NOT NULL,
  destination TEXT NOT NULL,
  notify INTEGER NOT NULL,
  original TEXT NOT NULL,
  state INTEGER NOT NULL,             -- 1: waits
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt INTEGER NOT NULL,
  due INTEGER,                        -- when it may be claimed; NULL: not at all
  lease INTEGER NOT NULL DEFAULT 0,   -- of the last claim, until it is reported
  leased_until INTEGER NOT NULL DEFAULT 0,
  delay_told INTEGER NOT NULL DEFAULT 0,
  last_time INTEGER NOT NULL DEFAULT 0,
  last_code INTEGER NOT NULL DEFAULT 0,
  last_status TEXT NOT NULL DEFAULT '',
  last_response TEXT NOT NULL DEFAULT '',
  last_mx TEXT NOT NULL DEFAULT '',
  last_ip TEXT NOT NULL DEFAULT '',
  last_tls TEXT NOT NULL DEFAULT '',
  last_from_remote INTEGER NOT NULL DEFAULT 0,
  last_was_relayed INTEGER NOT NULL DEFAULT 0,
  last_duration INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (message, number)
) WITHOUT ROWID;
CREATE INDEX recipients_waiting ON recipients (destination, due) WHERE state = 1;
CREATE TABLE contents (
  message INTEGER NOT NULL,
  number INTEGER NOT NULL,
  octets BLOB NOT NULL,
  PRIMARY KEY (message, number)
);
CREATE TABLE destinations (
  name TEXT NOT NULL PRIMARY KEY,
  waiting INTEGER NOT NULL DEFAULT 0, -- recipients, held ones too
  ready INTEGER,                      -- its first due, or the end of its pause; NULL: none due
  failures INTEGER NOT NULL DEFAULT 0,
  paused_until INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  told INTEGER NOT NULL DEFAULT 0     -- when a worker last spoke of it
) WITHOUT ROWID;
CREATE INDEX destinations_ready ON destinations (ready) WHERE ready IS NOT NULL;
CREATE INDEX destinations_waiting ON destinations (waiting);
CREATE INDEX destinations_idle ON destinations (told) WHERE waiting = 0;
CREATE TABLE leases (
  lease INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL,
  destination TEXT NOT NULL,
  until INTEGER NOT NULL,
  worker TEXT NOT NULL
);
CREATE INDEX leases_by_destination ON leases (destination);
CREATE INDEX leases_by_end ON leases (until);
CREATE INDEX leases_by_message ON leases (message);
CREATE TABLE totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  octets INTEGER NOT NULL,            -- of content kept
  open INTEGER NOT NULL               -- messages that have not ended
);
INSERT INTO totals (id, octets, open) VALUES (1, 0, 0);
)sql";

// What happened since `began`, for the daily line in the log.
constexpr std::string_view kDay = R"sql(
CREATE TABLE day (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  began INTEGER NOT NULL,             -- 0: at the first look
  accepted INTEGER NOT NULL,          -- messages
  delivered INTEGER NOT NULL,         -- recipients
  failed INTEGER NOT NULL,            -- recipients
  deferred INTEGER NOT NULL           -- attempts that came to nothing yet
);
INSERT INTO day (id, began, accepted, delivered, failed, deferred) VALUES (1, 0, 0, 0, 0, 0);
)sql";

// A pause holds back attempts, not the end of a message's time.
constexpr std::string_view kExpiry = R"sql(
ALTER TABLE recipients ADD COLUMN expires INTEGER NOT NULL DEFAULT 0;  -- its message's
UPDATE recipients SET expires = (SELECT m.expires FROM messages m WHERE m.number = message)
  WHERE state = 1;
CREATE INDEX recipients_expiring ON recipients (destination, expires)
  WHERE state = 1 AND due IS NOT NULL;
UPDATE destinations SET ready = min(ready, (SELECT MIN(max(expires, due)) FROM recipients
  WHERE state = 1 AND due IS NOT NULL AND destination = name)) WHERE paused_until > 0;
)sql";

// Mail that came in from outside and goes on.
constexpr std::string_view kForwards = R"sql(
ALTER TABLE messages ADD COLUMN is_forward INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN in_session_until INTEGER NOT NULL DEFAULT 0;  -- 0: settled
ALTER TABLE recipients ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;
ALTER TABLE recipients ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE recipients ADD COLUMN port INTEGER NOT NULL DEFAULT 25;
ALTER TABLE recipients ADD COLUMN alias_id TEXT NOT NULL DEFAULT '';
ALTER TABLE recipients ADD COLUMN is_untold INTEGER NOT NULL DEFAULT 0;   -- failed, waits for its notice
ALTER TABLE recipients ADD COLUMN is_dropped INTEGER NOT NULL DEFAULT 0;  -- ends with its lease
ALTER TABLE recipients ADD COLUMN is_shared INTEGER NOT NULL DEFAULT 0;   -- a repeat relies on it
CREATE TABLE forwards (
  message INTEGER PRIMARY KEY,
  shown TEXT NOT NULL,
  may_report INTEGER NOT NULL,
  auth_results TEXT NOT NULL,
  arc_chain TEXT NOT NULL,
  webhook_json TEXT NOT NULL,
  spent TEXT NOT NULL                 -- the credit it cost
);
CREATE TABLE forward_parts (          -- its destinations: recipients of it, or of earlier ones
  message INTEGER NOT NULL,
  position INTEGER NOT NULL,
  of_message INTEGER NOT NULL,
  of_recipient INTEGER NOT NULL,
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE prints (
  print TEXT NOT NULL,
  goal TEXT NOT NULL,                 -- digest of the destination
  message INTEGER NOT NULL,
  recipient INTEGER NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (print, goal)
) WITHOUT ROWID;
CREATE INDEX prints_by_age ON prints (created);
CREATE TABLE credits (                -- bounces that may come back to a forward's sender
  path TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX credits_by_end ON credits (until);
CREATE TABLE short_paths (            -- senders too long for a return path
  token TEXT NOT NULL PRIMARY KEY,
  sender TEXT NOT NULL,
  until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX short_paths_by_end ON short_paths (until);
)sql";

constexpr std::string_view kForwardFacts = R"sql(
ALTER TABLE forwards ADD COLUMN may_sign INTEGER NOT NULL DEFAULT 0;
ALTER TABLE forwards ADD COLUMN comes_back_to TEXT NOT NULL DEFAULT '';  -- '': its sender
)sql";

constexpr std::string_view kNotTo = R"sql(
ALTER TABLE messages ADD COLUMN not_to TEXT NOT NULL DEFAULT '';  -- '*': nowhere elsewhere
)sql";

constexpr std::string_view kOrigin = R"sql(
ALTER TABLE forwards ADD COLUMN origin TEXT NOT NULL DEFAULT '';  -- of the message as it came
ALTER TABLE forwards ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;  -- from one address here to another
)sql";

constexpr sqlcipher::SchemaStep kSteps[] = {{kFirst},        {kDay},   {kExpiry}, {kForwards},
                                            {kForwardFacts}, {kNotTo}, {kOrigin}};

}  // namespace

Outcome<void> migrate(sqlcipher::Database& database) {
  return sqlcipher::migrate(database, kSteps, static_cast<int>(std::size(kSteps)));
}

}  // namespace fwd::queue
