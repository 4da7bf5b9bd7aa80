// SQLite's result codes as faults.
#include <sqlcipher/sqlite3.h>

#include <cstring>

#include "storage/sqlcipher/connection.h"

namespace fwd::sqlcipher {
namespace {

constexpr char kUnavailableText[] = "Storage is unavailable, please try again later";
constexpr char kDamagedText[] = "Storage is damaged";
// Of later releases than 3.15, whose header does not name them.
constexpr int kIoerrData = SQLITE_IOERR | (32 << 8);
constexpr int kIoerrCorruptFs = SQLITE_IOERR | (33 << 8);

Fault fault_of(int code) {
  if (code == kIoerrData || code == kIoerrCorruptFs) return Fault::kCorrupt;
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Fault::kExists;
    case SQLITE_CONSTRAINT_COMMITHOOK:
      return Fault::kCorrupt;
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_NOLFS:
    case SQLITE_ABORT:
    case SQLITE_INTERRUPT:
      return Fault::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return Fault::kCorrupt;
    case SQLITE_TOOBIG:
      return Fault::kOverLimit;
  }
  return Fault::kBug;
}

const char* public_text(Fault fault) {
  switch (fault) {
    case Fault::kUnavailable:
      return kUnavailableText;
    case Fault::kCorrupt:
      return kDamagedText;
    case Fault::kExists:
      return "It exists already";
    case Fault::kOverLimit:
      return "Too large";
    default:
      return "Internal error";
  }
}

// In the operator's words where SQLite's are unclear.
const char* plain_words(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
      return "the file, its folder or the file system is read-only";
    case SQLITE_CANTOPEN:
      return "the file or its -wal or -shm cannot be opened";
    case SQLITE_NOTADB:
      return "wrong key, or not a database";
  }
  return sqlite3_errstr(code);
}

}  // namespace

Failure failure_of(int code, const std::string& path, std::string_view doing, sqlite3* handle) {
  const Fault fault = fault_of(code);
  std::string text = path + ": " + std::string(doing) + ": " + plain_words(code) + " (" +
                     std::to_string(code) + ")";
  if (handle != nullptr) {
    const int reason = sqlite3_system_errno(handle);
    if (fault == Fault::kUnavailable && reason != 0)
      text += std::string(": ") + std::strerror(reason);
    else if (fault == Fault::kBug || fault == Fault::kExists)
      text += std::string(": ") + sqlite3_errmsg(handle);
  }
  return {fault, public_text(fault), std::move(text)};
}

Failure damaged(const std::string& path, std::string_view why) {
  return {Fault::kCorrupt, kDamagedText, path + ": " + std::string(why)};
}

}  // namespace fwd::sqlcipher
