#ifndef FWD_STORAGE_SQLCIPHER_DATABASE_H
#define FWD_STORAGE_SQLCIPHER_DATABASE_H

// The only way to open a database file: keyed, with our own page cipher proven
// to be in force, WAL, synchronous=FULL, an authorizer on.  Blocking: used on
// worker threads, by one thread at a time.
//
// Faults: kUnavailable (disk full, read-only, no such folder, I/O error, busy),
// kCorrupt (a page did not authenticate, wrong key, not a database, malformed):
// the connection is then closed for good and every later call gives kCorrupt.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::sqlcipher {

class Database;
struct Inside;    // of a Database
struct Prepared;  // a statement SQLite keeps

// A prepared statement, kept by the Database and reused by its text.  Bind
// places count from 1, columns from 0.  Values bound as text or blob are
// copied unless bound with the _view form (must live until the next reset).
// Must not outlive its Database, nor run while another thread uses that.
class Statement {
 public:
  ~Statement();  // resets and gives itself back
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) = delete;

  // Binding begins anew when the statement has run.  A place that is not
  // there is a bug and throws std::logic_error.
  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view octets);
  Statement& bind_blob_view(int place, std::string_view octets);
  Statement& bind_null(int place);

  // true: a row stands ready; false: done, and reset.  The authentication
  // counter is looked at after every step: a row from a page that failed is
  // never given.  kExists: a UNIQUE or PRIMARY KEY rule stood against it.
  Outcome<bool> step();
  // For statements whose rows nobody wants: to the end, then resets.
  Outcome<void> run();
  void reset();

  // Of the row that stands ready; 0 and empty when there is none.
  std::int64_t integer(int column) const;
  std::string text(int column) const;       // also for blobs
  std::string_view view(int column) const;  // until the next step or reset
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(Inside& database, std::unique_ptr<Prepared> prepared);
  // Each gives whether SQLite took it; remembers why not.
  bool may_bind();
  void bound(int code);

  Inside* database_;
  std::unique_ptr<Prepared> prepared_;  // none: preparing failed, see broken_
  std::optional<Failure> broken_;       // set by prepare or bind; given by the next step
  bool has_row_ = false;
};

struct OpenOptions {
  bool create = false;       // make the file when it is missing
  int cache_pages = 256;     // of 4096 octets
  int kept_statements = 64;  // prepared and idle, at most
  // How long a call waits for another connection's lock before kUnavailable.
  std::chrono::milliseconds busy_wait{5000};
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

  // Prepares `sql`, one statement, or takes it from the statement cache.  A
  // statement that SQLite refuses to prepare is a bug and throws
  // std::logic_error; that the file cannot be read shows at the first step().
  Statement prepare(std::string_view sql);
  // Runs statements without results and without parameters.
  Outcome<void> execute(std::string_view sql);

  // BEGIN IMMEDIATE, `work`, COMMIT; rolls back when `work` fails or throws.
  // SQLite may end a transaction by itself (disk full): every later statement
  // in `work` then fails, and so does the whole.
  Outcome<void> transaction(const std::function<Outcome<void>()>& work);
  // The same inside a transaction (SAVEPOINT): undoes only this part.
  Outcome<void> savepoint(const std::function<Outcome<void>()>& work);
  bool in_transaction() const;

  std::int64_t last_insert_id() const;
  std::int64_t changes() const;  // rows changed by the last statement
  // Rows changed since it was opened; those that were undone count, too.
  std::int64_t total_changes() const;

  // A consistent copy under `key` and `salt`, while others write; appears at
  // `path` when it is whole and on disk.  kExists: `path` is taken.
  Outcome<void> copy_to(const std::string& path, const crypto::SecretKey& key,
                        std::string_view salt);
  // integrity_check; kCorrupt with what it found.
  Outcome<void> check();
  // Shrinks the page cache to nothing (an idle mailbox).
  void release_memory();

  // Closed for good: everything fails with kCorrupt from now on.
  bool is_damaged() const;
  const std::string& path() const;

 private:
  explicit Database(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// Registers the page cipher and proves it (see provider.h) with a file of its
// own in `scratch_folder`.  Call first; a second call repeats the first's
// answer.  The failure says why the daemon must refuse to run.
Outcome<void> start(const std::string& scratch_folder);

// A schema as steps: step i takes a file from version i to i + 1, in one
// transaction each, and never leaves one half done.  The version is SQLite's
// user_version.  kCorrupt when the file is newer than the last step.
struct SchemaStep {
  std::string_view sql;
};
Outcome<void> migrate(Database& database, const SchemaStep* steps, int count);

}  // namespace fwd::sqlcipher

#endif
