// Reads and writes state.sqlite.
#include "storage/state/state_file.h"

#include <iterator>

namespace fwd::state {
namespace {

constexpr sqlcipher::SchemaStep kSteps[] = {{R"(
CREATE TABLE facts (
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  ends_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX facts_by_end ON facts (ends_ms);
)"},
                                            // From now on a key begins with its owner's name.
                                            {R"(
DELETE FROM facts WHERE key NOT LIKE 'login.failures:%';
UPDATE facts SET key = 'door/' || key;
)"},
                                            // 0: not known, of what was written before.
                                            {R"(
ALTER TABLE facts ADD COLUMN life_ms INTEGER NOT NULL DEFAULT 0;
)"}};

}  // namespace

Outcome<std::shared_ptr<StateFile>> StateFile::open(const std::string& path,
                                                    const crypto::SecretKey& key,
                                                    std::string_view salt) {
  sqlcipher::OpenOptions how;
  how.create = true;
  auto database = sqlcipher::Database::open(path, key, salt, how);
  if (!database.ok()) return database.failure();
  const Outcome<void> migrated =
      sqlcipher::migrate(*database.value(), kSteps, static_cast<int>(std::size(kSteps)));
  if (!migrated.ok()) return migrated.failure();
  return std::shared_ptr<StateFile>(new StateFile(std::move(database).value()));
}

Outcome<std::vector<FactRow>> StateFile::load(std::int64_t now_ms) {
  std::vector<FactRow> rows;
  sqlcipher::Statement all =
      database_->prepare("SELECT kind, key, value, ends_ms, life_ms FROM facts WHERE ends_ms > ?1");
  all.bind(1, now_ms);
  for (;;) {
    const Outcome<bool> row = all.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return rows;
    FactRow fact;
    fact.kind = static_cast<FactKind>(all.integer(0));
    fact.key = all.text(1);
    fact.value = all.text(2);
    fact.ends_ms = all.integer(3);
    fact.life_ms = all.integer(4);
    rows.push_back(std::move(fact));
  }
}

Outcome<void> StateFile::write(const std::vector<FactRow>& rows) {
  return database_->transaction([&]() -> Outcome<void> {
    sqlcipher::Statement put = database_->prepare(
        "INSERT OR REPLACE INTO facts (kind, key, value, ends_ms, life_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5)");
    sqlcipher::Statement drop =
        database_->prepare("DELETE FROM facts WHERE kind = ?1 AND key = ?2");
    for (const FactRow& row : rows) {
      sqlcipher::Statement& statement = row.gone ? drop : put;
      statement.bind(1, static_cast<std::int64_t>(row.kind)).bind(2, std::string_view(row.key));
      if (!row.gone) statement.bind_blob(3, row.value).bind(4, row.ends_ms).bind(5, row.life_ms);
      const Outcome<void> done = statement.run();
      if (!done.ok()) return done;
    }
    return {};
  });
}

Outcome<void> StateFile::remove_ended(std::int64_t now_ms) {
  return database_->prepare("DELETE FROM facts WHERE ends_ms <= ?1").bind(1, now_ms).run();
}

}  // namespace fwd::state
