#ifndef FWD_STORAGE_SQLCIPHER_INSIDE_H
#define FWD_STORAGE_SQLCIPHER_INSIDE_H

// What a Database and its Statements share: the handle, the watch over the
// authentication counter, the idle statements.

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/outcome.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fwd::sqlcipher {

struct Prepared {
  std::string sql;
  sqlite3_stmt* handle = nullptr;

  Prepared(std::string text, sqlite3_stmt* statement) : sql(std::move(text)), handle(statement) {}
  ~Prepared();  // finalizes
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
};

struct Inside {
  Inside(sqlite3* connection, std::string file, int kept_statements);
  ~Inside();  // closes
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  // Around every call into SQLite: `code` is what SQLite gave.  When a page
  // did not authenticate since begin_watch(), closes the connection for good
  // and says so, whatever the code; else success or the code's failure.
  void begin_watch();
  Outcome<void> judge(int code, std::string_view doing);
  // What stands against running anything now: closed for good, or SQLite gave
  // up the transaction we are in.
  std::optional<Failure> obstacle() const;
  // One watched statement of ours.
  Outcome<void> run(const char* sql);
  void close_for_good(Failure why);

  // Finds an idle statement or prepares one; gives SQLite's code.
  int obtain(std::string_view sql, std::unique_ptr<Prepared>& prepared);
  void give_back(std::unique_ptr<Prepared> prepared);

  sqlite3* handle;  // null once closed for good
  std::string path;
  std::optional<Failure> dead;  // set by close_for_good
  bool in_transaction = false;  // inside Database::transaction
  std::uint64_t watched_from = 0;

  std::size_t most_idle;
  std::list<std::unique_ptr<Prepared>> idle;  // the latest used first
  std::unordered_map<std::string_view, std::list<std::unique_ptr<Prepared>>::iterator> by_sql;
};

}  // namespace fwd::sqlcipher

#endif
