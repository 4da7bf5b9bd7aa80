// Statements, transactions, copies and checks on one open file.
#include "storage/sqlcipher/database.h"

#include <fcntl.h>
#include <sqlcipher/sqlite3.h>
#include <unistd.h>

#include <stdexcept>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/inside.h"

namespace fwd::sqlcipher {
namespace {

// A statement that cannot be prepared is wrong, or stands before a wrong schema.
bool is_bug(int code) {
  switch (code & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return true;
  }
  return false;
}

// Leaves no transaction behind, whichever way the work ends.
class Undo {
 public:
  Undo(Inside& inside, const char* sql) : inside_(&inside), sql_(sql) {}
  ~Undo() {
    if (sql_ == nullptr || inside_->handle == nullptr) return;
    if (sqlite3_get_autocommit(inside_->handle) == 0) (void)inside_->run(sql_).ok();
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  void disarm() { sql_ = nullptr; }

 private:
  Inside* inside_;
  const char* sql_;
};

class Flag {
 public:
  explicit Flag(bool& flag) : flag_(flag) { flag_ = true; }
  ~Flag() { flag_ = false; }
  Flag(const Flag&) = delete;
  Flag& operator=(const Flag&) = delete;

 private:
  bool& flag_;
};

}  // namespace

Database::Database(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Database::~Database() = default;

Outcome<std::unique_ptr<Database>> Database::open(const std::string& path,
                                                  const crypto::SecretKey& key,
                                                  std::string_view salt, OpenOptions options) {
  auto handle = open_connection(path, key, salt, options);
  if (!handle.ok()) return handle.failure();
  auto inside = std::make_unique<Inside>(handle.value(), path, options.kept_statements);
  return std::unique_ptr<Database>(new Database(std::move(inside)));
}

Statement Database::prepare(std::string_view sql) {
  Statement statement(*inside_, nullptr);
  statement.broken_ = inside_->obstacle();
  if (statement.broken_) return statement;
  inside_->begin_watch();
  const int code = inside_->obtain(sql, statement.prepared_);
  auto verdict = inside_->judge(code, sql);
  if (verdict.ok()) return statement;
  if (is_bug(code) && !inside_->dead) throw std::logic_error(verdict.failure().private_text);
  statement.broken_ = verdict.failure();
  return statement;
}

Outcome<void> Database::execute(std::string_view sql) {
  const std::string text(sql);
  const char* rest = text.c_str();
  while (*rest != '\0') {
    if (auto obstacle = inside_->obstacle()) return *obstacle;
    inside_->begin_watch();
    sqlite3_stmt* raw = nullptr;
    int code = sqlite3_prepare_v2(inside_->handle, rest, -1, &raw, &rest);
    const Prepared prepared({}, raw);
    const bool is_wrong = is_bug(code);
    if (code == SQLITE_OK && raw != nullptr) do {
        code = sqlite3_step(raw);
      } while (code == SQLITE_ROW);
    auto verdict = inside_->judge(code, text);
    if (verdict.ok()) continue;
    if (is_wrong && !inside_->dead) throw std::logic_error(verdict.failure().private_text);
    return verdict.failure();
  }
  return {};
}

Outcome<void> Database::transaction(const std::function<Outcome<void>()>& work) {
  if (inside_->in_transaction) throw std::logic_error("a transaction within a transaction");
  if (auto begun = inside_->run("BEGIN IMMEDIATE"); !begun.ok()) return begun.failure();
  const Flag flag(inside_->in_transaction);
  Undo undo(*inside_, "ROLLBACK");
  if (auto done = work(); !done.ok()) return done.failure();
  if (auto obstacle = inside_->obstacle()) return *obstacle;
  auto committed = inside_->run("COMMIT");
  if (committed.ok()) undo.disarm();
  return committed;
}

Outcome<void> Database::savepoint(const std::function<Outcome<void>()>& work) {
  if (!inside_->in_transaction) throw std::logic_error("a savepoint outside a transaction");
  if (auto obstacle = inside_->obstacle()) return *obstacle;
  if (auto begun = inside_->run("SAVEPOINT part"); !begun.ok()) return begun.failure();
  Undo undo(*inside_, "ROLLBACK TO part; RELEASE part");
  if (auto done = work(); !done.ok()) return done.failure();
  if (auto obstacle = inside_->obstacle()) return *obstacle;
  auto released = inside_->run("RELEASE part");
  if (released.ok()) undo.disarm();
  return released;
}

bool Database::in_transaction() const { return inside_->in_transaction; }

std::int64_t Database::last_insert_id() const {
  return inside_->dead ? 0 : sqlite3_last_insert_rowid(inside_->handle);
}

std::int64_t Database::changes() const {
  return inside_->dead ? 0 : sqlite3_changes(inside_->handle);
}

std::int64_t Database::total_changes() const {
  return inside_->dead ? 0 : sqlite3_total_changes(inside_->handle);
}

Outcome<void> Database::check() {
  Statement pages = prepare("PRAGMA integrity_check(10)");
  std::string found;
  for (;;) {
    auto more = pages.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    if (pages.view(0) != "ok") found += pages.text(0) + "; ";
  }
  if (!found.empty()) return damaged(inside_->path, "integrity check: " + found);
  return {};
}

void Database::release_memory() {
  if (inside_->dead) return;
  inside_->by_sql.clear();
  inside_->idle.clear();
  sqlite3_db_release_memory(inside_->handle);
}

bool Database::is_damaged() const { return inside_->dead.has_value(); }
const std::string& Database::path() const { return inside_->path; }

}  // namespace fwd::sqlcipher
