// Opens a file and proves how it is encrypted before anybody reads a row.
#include "storage/sqlcipher/connection.h"

#ifndef SQLITE_HAS_CODEC
#define SQLITE_HAS_CODEC 1  // declares sqlite3_key()
#endif
#include <fcntl.h>
#include <sqlcipher/sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "core/text.h"
#include "storage/sqlcipher/provider.h"

namespace fwd::sqlcipher {
namespace {

struct Closer {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Closer>;

Failure system_failure(const std::string& path, const char* doing) {
  const int reason = errno;
  Failure failure = failure_of(SQLITE_IOERR, path, doing, nullptr);
  failure.private_text = path + ": " + doing + ": " + std::strerror(reason);
  return failure;
}

// Leaves no copy behind, as to_hex() would.
char* put_hex(char* at, std::string_view octets) {
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    *at++ = "0123456789abcdef"[octet >> 4];
    *at++ = "0123456789abcdef"[octet & 15];
  }
  return at;
}

// Everything a store may say: nothing can be attached (nor VACUUMed, which is that), no key
// changed, no setting weakened.
constexpr const char* kAllowedPragmas[] = {
    "user_version", "application_id", "integrity_check", "quick_check", "foreign_key_check",
    "table_info",   "index_list",     "index_info",      "page_count",  "freelist_count",
    "page_size",    "data_version",   "wal_checkpoint",  "cache_size",  "defer_foreign_keys",
    "journal_mode", "synchronous",    "foreign_keys"};
// Of these the value may be read only.
constexpr const char* kReadOnlyPragmas[] = {"page_size", "journal_mode", "synchronous",
                                            "foreign_keys"};

int authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  if (action == SQLITE_ATTACH || action == SQLITE_DETACH) return SQLITE_DENY;
  if (action == SQLITE_FUNCTION && second != nullptr && same_word(second, "load_extension"))
    return SQLITE_DENY;
  if (action != SQLITE_PRAGMA) return SQLITE_OK;
  for (const char* name : kReadOnlyPragmas)
    if (same_word(first, name)) return second == nullptr ? SQLITE_OK : SQLITE_DENY;
  for (const char* name : kAllowedPragmas)
    if (same_word(first, name)) return SQLITE_OK;
  return SQLITE_DENY;
}

// Finds the file, or makes an empty one, for its owner's eyes only.  Gives its
// size, or 0 when its making was cut short: a rollback journal lies beside it
// only then, and SQLite is about to empty it.
Outcome<off_t> find_or_make(const std::string& path, bool create) {
  struct stat found {};
  if (stat(path.c_str(), &found) == 0) {
    if (!S_ISREG(found.st_mode)) return damaged(path, "not a regular file");
    // Begun and never finished: whoever creates may go on, nobody else takes it for a database.
    if (found.st_size == 0 && !create) return damaged(path, "the file is empty");
    if (access((path + "-journal").c_str(), F_OK) == 0) return off_t{0};
    if (found.st_size > 0 && found.st_size < kPageSize)
      return damaged(path, "the file is shorter than a page");
    return found.st_size;
  }
  if (errno != ENOENT) return system_failure(path, "looking for the file");
  if (!create) return Failure{Fault::kNotFound, "Not found", path + ": no such file"};
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return system_failure(path, "creating the file");
  close(fd);
  if (auto synced = sync_folder_of(path); !synced.ok()) return synced.failure();
  return off_t{0};
}

// Our cipher, by this connection's own account.
Outcome<void> prove_cipher(sqlite3* handle, const std::string& path) {
  pragma_value(handle, "PRAGMA cipher_page_size = 4096");
  if (pragma_value(handle, "PRAGMA cipher_provider") != kProviderName ||
      pragma_value(handle, "PRAGMA cipher") != kCipherName ||
      pragma_value(handle, "PRAGMA cipher_use_hmac") != "1") {
    Failure failure = failure_of(SQLITE_CANTOPEN, path, "opening", nullptr);
    failure.private_text = path + ": not our page cipher but " +
                           pragma_value(handle, "PRAGMA cipher_provider") + " " +
                           pragma_value(handle, "PRAGMA cipher");
    return failure;
  }
  return {};
}

// The first read: here a wrong key, a wrong salt or a foreign file shows.
Outcome<void> prove_key(sqlite3* handle, const std::string& path) {
  const std::uint64_t before = auth_failures();
  const int code =
      sqlite3_exec(handle, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
  if (auth_failures() != before)
    return damaged(path, "the first page does not authenticate: wrong key, or damaged");
  if (code != SQLITE_OK) return failure_of(code, path, "reading the first page", handle);
  return {};
}

// SQLite's own descriptor is asked: closing another one on the same file would
// drop the locks of every connection this process has to it.
Outcome<void> prove_salt(sqlite3* handle, const std::string& path, std::string_view salt) {
  sqlite3_file* file = nullptr;
  char first[kSaltSize] = {};
  int code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code == SQLITE_OK) code = file->pMethods->xRead(file, first, kSaltSize, 0);
  if (code == SQLITE_IOERR_SHORT_READ) return damaged(path, "the file is empty");
  if (code != SQLITE_OK) return failure_of(code, path, "reading the first octets", handle);
  if (!crypto::equal({first, kSaltSize}, salt))
    return damaged(path, "the file belongs to another mailbox or store (salt)");
  return {};
}

Outcome<void> set_up(sqlite3* handle, const std::string& path, const OpenOptions& options) {
  const std::string settings =
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
      "PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 1000;"
      "PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = " +
      std::to_string(options.cache_pages);
  int code = sqlite3_exec(handle, settings.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(code, path, "setting up", handle);
  const std::string mode = pragma_value(handle, "PRAGMA journal_mode = WAL");
  if (mode == "wal" && pragma_value(handle, "PRAGMA synchronous") == "2" &&
      pragma_value(handle, "PRAGMA page_size") == "4096")
    return {};
  code = sqlite3_extended_errcode(handle);
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) code = SQLITE_CANTOPEN;
  return failure_of(code, path, "turning on the write-ahead log", handle);
}

}  // namespace

Outcome<void> sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_failure(folder, "opening the folder");
  const int result = fsync(fd);
  Outcome<void> outcome;
  if (result != 0) outcome = system_failure(folder, "syncing the folder");
  close(fd);
  return outcome;
}

int set_key(sqlite3* handle, const crypto::SecretKey& key, std::string_view salt) {
  if (salt.size() != kSaltSize) throw std::logic_error("a file's salt is 16 octets long");
  char text[2 + 2 * (crypto::SecretKey::kSize + kSaltSize) + 1] = "x'";
  char* at = put_hex(text + 2, key.view());
  at = put_hex(at, salt);
  *at = '\'';
  const int code = sqlite3_key(handle, text, sizeof text);
  crypto::wipe(text, sizeof text);
  return code;
}

std::string pragma_value(sqlite3* handle, const char* pragma) {
  sqlite3_stmt* statement = nullptr;
  std::string value;
  if (sqlite3_prepare_v2(handle, pragma, -1, &statement, nullptr) != SQLITE_OK) return value;
  int code = sqlite3_step(statement);
  if (code == SQLITE_ROW && sqlite3_column_text(statement, 0) != nullptr)
    value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  // To its end: only there is what the pragma did on the disk, or not.
  while (code == SQLITE_ROW) code = sqlite3_step(statement);
  if (code != SQLITE_DONE) value.clear();
  sqlite3_finalize(statement);
  return value;
}

Outcome<sqlite3*> open_connection(const std::string& path, const crypto::SecretKey& key,
                                  std::string_view salt, const OpenOptions& options) {
  if (!may_open()) {
    Failure failure = failure_of(SQLITE_CANTOPEN, path, "opening", nullptr);
    failure.private_text = path + ": the page cipher was not proven at start";
    return failure;
  }
  auto size = find_or_make(path, options.create);
  if (!size.ok()) return size.failure();
  sqlite3* raw = nullptr;
  int code =
      sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle(raw);
  if (code == SQLITE_OK && sqlite3_db_readonly(raw, "main") == 1) code = SQLITE_READONLY;
  if (code != SQLITE_OK) return failure_of(code, path, "opening", raw);
  // Before all else: SQLCipher 3 takes a file of zeroes for an empty database
  // of its own, and would write to it.
  if (size.value() > 0)
    if (auto proven = prove_salt(raw, path, salt); !proven.ok()) return proven.failure();
  code = set_key(raw, key, salt);
  if (code != SQLITE_OK) return failure_of(code, path, "keying", raw);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, static_cast<int>(options.busy_wait.count()));
  const std::uint64_t before = auth_failures();
  if (auto proven = prove_cipher(raw, path); !proven.ok()) return proven.failure();
  if (auto proven = prove_key(raw, path); !proven.ok()) return proven.failure();
  if (auto ready = set_up(raw, path, options); !ready.ok()) return ready.failure();
  if (auto proven = prove_salt(raw, path, salt); !proven.ok()) return proven.failure();
  if (auth_failures() != before) return damaged(path, "a page does not authenticate");
  sqlite3_set_authorizer(raw, authorize, nullptr);
  return handle.release();
}

}  // namespace fwd::sqlcipher
