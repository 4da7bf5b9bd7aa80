// The watch over the authentication counter, and the idle statements.
#include "storage/sqlcipher/inside.h"

#include <sqlcipher/sqlite3.h>

#include <stdexcept>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/provider.h"

namespace fwd::sqlcipher {
namespace {

// Not null rolls back: nothing made from a page that failed is ever committed,
// even by a statement that is its own transaction.
int on_commit(void* of) {
  return auth_failures() != static_cast<const Inside*>(of)->watched_from ? 1 : 0;
}

bool is_success(int code) { return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE; }

}  // namespace

Prepared::~Prepared() { sqlite3_finalize(handle); }

Inside::Inside(sqlite3* connection, std::string file, int kept_statements)
    : handle(connection),
      path(std::move(file)),
      most_idle(kept_statements < 0 ? 0 : static_cast<std::size_t>(kept_statements)) {
  sqlite3_commit_hook(handle, on_commit, this);
}

Inside::~Inside() {
  by_sql.clear();
  idle.clear();
  if (handle != nullptr) sqlite3_close_v2(handle);
}

void Inside::begin_watch() { watched_from = auth_failures(); }

Outcome<void> Inside::judge(int code, std::string_view doing) {
  if (dead) return *dead;
  if (auth_failures() != watched_from) {
    close_for_good(damaged(path, std::string(doing) + ": a page does not authenticate"));
    return *dead;
  }
  if (is_success(code)) return {};
  Failure failure = failure_of(code, path, doing, handle);
  if (failure.fault == Fault::kCorrupt) close_for_good(failure);
  return failure;
}

std::optional<Failure> Inside::obstacle() const {
  if (dead) return dead;
  if (in_transaction && sqlite3_get_autocommit(handle) != 0)
    return failure_of(SQLITE_ABORT, path, "continuing a transaction SQLite rolled back", nullptr);
  return std::nullopt;
}

Outcome<void> Inside::run(const char* sql) {
  if (dead) return *dead;
  begin_watch();
  const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
  return judge(code, sql);
}

// Statements still in somebody's hands keep SQLite's side alive until they are
// given back; the open transaction must not wait for that.
void Inside::close_for_good(Failure why) {
  if (dead) return;
  dead = std::move(why);
  by_sql.clear();
  idle.clear();
  if (sqlite3_get_autocommit(handle) == 0)
    sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_commit_hook(handle, nullptr, nullptr);
  sqlite3_close_v2(handle);
  handle = nullptr;
}

int Inside::obtain(std::string_view sql, std::unique_ptr<Prepared>& prepared) {
  if (const auto found = by_sql.find(sql); found != by_sql.end()) {
    prepared = std::move(*found->second);
    idle.erase(found->second);
    by_sql.erase(found);
    return SQLITE_OK;
  }
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int code =
      sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement, &tail);
  if (code != SQLITE_OK) return code;
  auto fresh = std::make_unique<Prepared>(std::string(sql), statement);
  const std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  if (statement == nullptr || rest.find_first_not_of("; \n\t") != std::string_view::npos)
    throw std::logic_error("not one statement: " + std::string(sql));
  prepared = std::move(fresh);
  return SQLITE_OK;
}

void Inside::give_back(std::unique_ptr<Prepared> prepared) {
  if (dead || most_idle == 0) return;
  const std::string_view sql = prepared->sql;
  if (by_sql.contains(sql)) return;  // two were in use at once; one is enough
  if (idle.size() >= most_idle) {
    by_sql.erase(idle.back()->sql);
    idle.pop_back();
  }
  idle.push_front(std::move(prepared));
  by_sql.emplace(sql, idle.begin());
}

}  // namespace fwd::sqlcipher
