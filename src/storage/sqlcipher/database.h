#ifndef FWD_STORAGE_SQLCIPHER_DATABASE_H
#define FWD_STORAGE_SQLCIPHER_DATABASE_H

// The only way to open a database file: keyed, with our own page cipher proven
// to be in force, WAL, synchronous=FULL, an authorizer on.  Blocking: used on
// worker threads, by one thread at a time.
//
// Faults: kUnavailable (disk full, read-only, no such folder, I/O error, busy),
// kCorrupt (a page did not authenticate, wrong key, not a database, malformed):
// the connection is then closed for good and every later call gives kCorrupt.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "crypto/secret.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fwd::sqlcipher {

class Database;

// A prepared statement, kept by the Database and reused by its text.  Bind
// places count from 1, columns from 0.  Values bound as text or blob are
// copied unless bound with the _view form (must live until the next reset).
class Statement {
 public:
  ~Statement();  // resets and gives itself back
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) = delete;

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view octets);
  Statement& bind_blob_view(int place, std::string_view octets);
  Statement& bind_null(int place);

  // true: a row stands ready; false: done.  The authentication counter is
  // looked at after every step: a row from a page that failed is never given.
  Outcome<bool> step();
  // For statements that give no row.
  Outcome<void> run();
  void reset();

  std::int64_t integer(int column) const;
  std::string text(int column) const;       // also for blobs
  std::string_view view(int column) const;  // until the next step or reset
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* handle, std::string sql);
  Database* database_;
  sqlite3_stmt* handle_;
  std::string sql_;
};

struct OpenOptions {
  bool create = false;    // make the file when it is missing
  int cache_pages = 256;  // of 4096 octets
};

class Database {
 public:
  // `salt`: the file's identity, 16 octets, compared with the file's first
  // octets.  kNotFound: no file and !create.
  static Outcome<std::unique_ptr<Database>> open(const std::string& path,
                                                 const crypto::SecretKey& key,
                                                 std::string_view salt, OpenOptions options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Prepares `sql` or takes it from the statement cache.  A statement that
  // SQLite refuses to prepare is a bug and throws std::logic_error.
  Statement prepare(std::string_view sql);
  // Runs statements without results and without parameters.
  Outcome<void> execute(std::string_view sql);

  // BEGIN IMMEDIATE, `work`, COMMIT; rolls back when `work` fails.
  Outcome<void> transaction(const std::function<Outcome<void>()>& work);
  // The same inside a transaction (SAVEPOINT): undoes only this part.
  Outcome<void> savepoint(const std::function<Outcome<void>()>& work);

  std::int64_t last_insert_id() const;
  std::int64_t changes() const;  // rows changed by the last statement

  // A consistent copy under `key` and `salt`, while others write.
  Outcome<void> copy_to(const std::string& path, const crypto::SecretKey& key,
                        std::string_view salt);
  // integrity_check; kCorrupt with what it found.
  Outcome<void> check();
  // Shrinks the page cache to nothing (an idle mailbox).
  void release_memory();

  const std::string& path() const;

 private:
  friend class Statement;
  struct Inside;
  explicit Database(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// Registers the page cipher and proves it (see provider.h).  Call once, first;
// the failure says why the daemon must refuse to run.
Outcome<void> start(const std::string& scratch_folder);

// A schema as steps: step i takes a file from version i to i + 1, in one
// transaction each.  kCorrupt when the file is newer than the last step.
struct SchemaStep {
  std::string_view sql;
};
Outcome<void> migrate(Database& database, const SchemaStep* steps, int count);

}  // namespace fwd::sqlcipher

#endif
