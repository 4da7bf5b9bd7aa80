// A prepared statement: bind, step under the watch, read the row.
#include <sqlcipher/sqlite3.h>

#include <stdexcept>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/database.h"
#include "storage/sqlcipher/inside.h"

namespace fwd::sqlcipher {
namespace {

// SQLite takes a null pointer for NULL, an empty value needs another.
const char* octets_of(std::string_view value) { return value.empty() ? "" : value.data(); }

}  // namespace

Statement::Statement(Inside& database, std::unique_ptr<Prepared> prepared)
    : database_(&database), prepared_(std::move(prepared)) {}

Statement::Statement(Statement&&) noexcept = default;

Statement::~Statement() {
  if (!prepared_) return;
  reset();
  sqlite3_clear_bindings(prepared_->handle);  // no copies of mail left behind
  database_->give_back(std::move(prepared_));
}

bool Statement::may_bind() {
  if (!prepared_ || broken_) return false;
  if (has_row_) reset();
  return true;
}

void Statement::bound(int code) {
  if (code == SQLITE_OK) return;
  if (code == SQLITE_RANGE || code == SQLITE_MISUSE)
    throw std::logic_error("no such place to bind: " + prepared_->sql);
  broken_ = failure_of(code, database_->path, "binding a value", nullptr);
}

Statement& Statement::bind(int place, std::int64_t value) {
  if (may_bind()) bound(sqlite3_bind_int64(prepared_->handle, place, value));
  return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
  if (may_bind())
    bound(sqlite3_bind_text64(prepared_->handle, place, octets_of(text), text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int place, std::string_view octets) {
  if (may_bind())
    bound(sqlite3_bind_blob64(prepared_->handle, place, octets_of(octets), octets.size(),
                              SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_blob_view(int place, std::string_view octets) {
  if (may_bind())
    bound(sqlite3_bind_blob64(prepared_->handle, place, octets_of(octets), octets.size(),
                              SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null(int place) {
  if (may_bind()) bound(sqlite3_bind_null(prepared_->handle, place));
  return *this;
}

Outcome<bool> Statement::step() {
  has_row_ = false;
  auto obstacle = database_->obstacle();
  if (!obstacle) obstacle = broken_;
  if (obstacle) {
    reset();
    return *obstacle;
  }
  database_->begin_watch();
  const int code = sqlite3_step(prepared_->handle);
  auto verdict = database_->judge(code, prepared_->sql);
  has_row_ = verdict.ok() && code == SQLITE_ROW;
  if (!has_row_) reset();
  if (!verdict.ok()) return verdict.failure();
  return has_row_;
}

Outcome<void> Statement::run() {
  for (;;) {
    auto more = step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return {};
  }
}

void Statement::reset() {
  has_row_ = false;
  if (prepared_) sqlite3_reset(prepared_->handle);
}

std::int64_t Statement::integer(int column) const {
  return has_row_ ? sqlite3_column_int64(prepared_->handle, column) : 0;
}

std::string Statement::text(int column) const { return std::string(view(column)); }

std::string_view Statement::view(int column) const {
  if (!has_row_) return {};
  const void* octets = sqlite3_column_blob(prepared_->handle, column);
  const int size = sqlite3_column_bytes(prepared_->handle, column);
  if (octets == nullptr || size <= 0) return {};
  return {static_cast<const char*>(octets), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return !has_row_ || sqlite3_column_type(prepared_->handle, column) == SQLITE_NULL;
}

}  // namespace fwd::sqlcipher
