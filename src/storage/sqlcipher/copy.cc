// A consistent copy of an open file, written under its own key.
#include <sqlcipher/sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/database.h"
#include "storage/sqlcipher/inside.h"
#include "storage/sqlcipher/provider.h"

namespace fwd::sqlcipher {
namespace {

constexpr const char* kFiles[] = {"", "-wal", "-shm", "-journal"};

// One step: many small ones start over at every foreign write and never end.
int copy_pages(sqlite3* from, sqlite3* to) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) return sqlite3_extended_errcode(to);
  const int code = sqlite3_backup_step(backup, -1);
  const int ended = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return code;
  return ended;
}

Failure unavailable(const std::string& path, const char* doing, int reason) {
  Failure failure = failure_of(SQLITE_CANTOPEN, path, doing, nullptr);
  failure.private_text = path + ": " + doing + ": " + std::strerror(reason);
  return failure;
}

// Into the folder for good, without taking an existing file's place.
Outcome<void> put_in_place(const std::string& part, const std::string& path) {
  if (link(part.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return Failure{Fault::kExists, "It exists already", path + ": is taken"};
    return unavailable(path, "putting the copy in place", errno);
  }
  if (unlink(part.c_str()) != 0) return unavailable(part, "removing the second name", errno);
  return sync_folder_of(path);
}

}  // namespace

Outcome<void> Database::copy_to(const std::string& path, const crypto::SecretKey& key,
                                std::string_view salt) {
  if (auto obstacle = inside_->obstacle()) return *obstacle;
  if (inside_->in_transaction) throw std::logic_error("a copy within a transaction");
  if (access(path.c_str(), F_OK) == 0)
    return Failure{Fault::kExists, "It exists already", path + ": is taken"};
  const std::string part = path + ".part";
  for (const char* ours : kFiles)
    unlink((part + ours).c_str());  // of a copy that was never finished
  OpenOptions options;
  options.create = true;
  auto target = open(part, key, salt, options);  // keyed and proven
  if (!target.ok()) return target.failure();
  inside_->begin_watch();
  const int code = copy_pages(inside_->handle, target.value()->inside_->handle);
  auto copied = inside_->judge(code, "copying to " + part);
  if (copied.ok()) copied = target.value()->execute("PRAGMA wal_checkpoint(TRUNCATE)");
  target = Failure{};  // closes, so that nothing is left beside it
  // Opened anew: what stands there now is keyed, ours and readable.
  if (copied.ok()) {
    auto again = open(part, key, salt, OpenOptions{});
    if (!again.ok()) copied = again.failure();
  }
  if (copied.ok()) copied = put_in_place(part, path);
  if (!copied.ok())
    for (const char* ours : kFiles) unlink((part + ours).c_str());
  return copied;
}

}  // namespace fwd::sqlcipher
