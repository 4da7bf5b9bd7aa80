// The rows of intentions.
#include "storage/directory/directory_file.h"
#include "storage/directory/record_rows.h"

namespace fwd::directory {

Outcome<void> DirectoryFile::write_intention(const Intention& intention) {
  sqlcipher::Statement statement = database_->prepare(
      "INSERT OR REPLACE INTO intentions (alias_id, kind, spool_up_to, since)"
      " VALUES (?1, ?2, ?3, ?4)");
  statement.bind(1, std::string_view(intention.alias_id));
  statement.bind(2, static_cast<std::int64_t>(intention.kind));
  statement.bind(3, intention.spool_up_to).bind(4, intention.since);
  return statement.run();
}

Outcome<std::vector<Intention>> DirectoryFile::list_intentions() {
  sqlcipher::Statement rows = database_->prepare(
      "SELECT alias_id, kind, spool_up_to, since FROM intentions ORDER BY since, alias_id");
  std::vector<Intention> all;
  for (;;) {
    const Outcome<bool> row = rows.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return all;
    const std::int64_t kind = rows.integer(1);
    if (kind < static_cast<std::int64_t>(IntentionKind::kRemove) ||
        kind > static_cast<std::int64_t>(IntentionKind::kReplace))
      return Failure{Fault::kCorrupt, "", "the directory has an intention of no known kind"};
    all.push_back(
        {rows.text(0), static_cast<IntentionKind>(kind), rows.integer(2), rows.integer(3)});
  }
}

Outcome<void> DirectoryFile::intend_to_prepare(const std::string& alias_id, model::Date now) {
  return database_->transaction([&]() -> Outcome<void> {
    const auto alias = find_text(*database_, "SELECT id FROM aliases WHERE id = ?1", {alias_id});
    if (!alias.ok()) return alias.failure();
    if (!alias.value()) return Failure{Fault::kNotFound, "there is no such alias", ""};
    const auto before =
        find_integer(*database_, "SELECT kind FROM intentions WHERE alias_id = ?1", {alias_id});
    if (!before.ok()) return before.failure();
    if (before.value())
      return Failure{Fault::kWrongState, "an earlier change of this mailbox is not finished", ""};
    return write_intention({alias_id, IntentionKind::kPrepare, 0, now.ms / 1000});
  });
}

Outcome<void> DirectoryFile::intend_to_remove(const std::string& alias_id, model::Date now) {
  return database_->transaction([&]() -> Outcome<void> {
    const auto alias = find_text(*database_, "SELECT id FROM aliases WHERE id = ?1", {alias_id});
    if (!alias.ok()) return alias.failure();
    if (alias.value())
      return Failure{Fault::kWrongState, "there is an alias of this id: remove that", ""};
    return write_intention({alias_id, IntentionKind::kRemove, 0, now.ms / 1000});
  });
}

Outcome<void> DirectoryFile::forget_intention(const std::string& alias_id) {
  return run(*database_, "DELETE FROM intentions WHERE alias_id = ?1", {alias_id});
}

Outcome<std::vector<std::string>> DirectoryFile::list_mailboxes() {
  return list_texts(*database_, "SELECT alias_id FROM mailboxes", {});
}

}  // namespace fwd::directory
