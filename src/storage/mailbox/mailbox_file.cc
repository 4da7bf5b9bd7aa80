// One mailbox's file: making, opening, and what all changes share.
#include "storage/mailbox/mailbox_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "storage/mailbox/identity.h"
#include "storage/mailbox/schema.h"

namespace fwd::mailbox {
namespace {

void remove_file(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm", "-journal"}) ::unlink((path + end).c_str());
}

// Makes the names in `path`'s folder durable.
bool sync_folder(const std::string& path) {
  const int folder = ::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY);
  if (folder < 0) return false;
  const bool done = ::fsync(folder) == 0;
  ::close(folder);
  return done;
}

Outcome<void> fill(const std::string& path, const crypto::SecretKey& key,
                   const std::string& alias_id, std::int64_t now) {
  sqlcipher::OpenOptions options;
  options.create = true;
  auto opened = sqlcipher::Database::open(path, key, file_salt(alias_id), options);
  if (!opened.ok()) return opened.failure();
  sqlcipher::Database& database = *opened.value();
  if (auto done = migrate_schema(database); !done.ok()) return done;
  return database.transaction([&] { return fill_new_mailbox(database, alias_id, now); });
}

Outcome<void> check_owner(sqlcipher::Database& database, const std::string& alias_id) {
  auto select = database.prepare("SELECT alias_id FROM mailbox WHERE id = 1");
  auto found = select.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kCorrupt, "", "the mailbox has lost its counters"};
  if (select.view(0) != alias_id)
    return Failure{Fault::kCorrupt, "", "the file belongs to another alias"};
  return {};
}

}  // namespace

Outcome<void> MailboxFile::create(const std::string& path, const crypto::SecretKey& key,
                                  const std::string& alias_id, std::int64_t now) {
  if (::access(path.c_str(), F_OK) == 0) return Failure{Fault::kExists, "the mailbox exists", path};
  // Filled under another name, so that no crash leaves half a mailbox.
  const std::string growing = path + ".new";
  remove_file(growing);
  if (auto done = fill(growing, key, alias_id, now); !done.ok()) {
    remove_file(growing);
    return done;
  }
  // Its name is given to one file only: all must have gone into that.
  if (::access((growing + "-wal").c_str(), F_OK) == 0) {
    remove_file(growing);
    return Failure{Fault::kUnavailable, "", "cannot finish " + growing};
  }
  if (std::rename(growing.c_str(), path.c_str()) != 0 || !sync_folder(path)) {
    remove_file(growing);
    return Failure{Fault::kUnavailable, "", "cannot name " + path};
  }
  return {};
}

Outcome<std::unique_ptr<MailboxFile>> MailboxFile::open(const std::string& path,
                                                        const crypto::SecretKey& key,
                                                        const std::string& alias_id,
                                                        int cache_pages, Limits limits) {
  sqlcipher::OpenOptions options;
  options.cache_pages = cache_pages;
  auto opened = sqlcipher::Database::open(path, key, file_salt(alias_id), options);
  if (!opened.ok()) return opened.failure();
  if (auto done = migrate_schema(*opened.value()); !done.ok()) return done.failure();
  if (auto done = check_owner(*opened.value(), alias_id); !done.ok()) return done.failure();
  return std::unique_ptr<MailboxFile>(new MailboxFile(std::move(opened).value(), limits));
}

MailboxFile::MailboxFile(std::unique_ptr<sqlcipher::Database> database, Limits limits)
    : database_(std::move(database)), limits_(limits) {}

News MailboxFile::take_news() { return std::exchange(news_, News()); }

Outcome<void> MailboxFile::change(std::int64_t now,
                                  const std::function<Outcome<void>(Change&)>& body) {
  Change change(*database_, limits_, now);
  if (auto done = change.begin(); !done.ok()) return done;
  if (auto done = body(change); !done.ok()) return done;
  if (auto done = change.finish(); !done.ok()) return done;
  news_.merge(change.news());
  return {};
}

Outcome<std::uint64_t> MailboxFile::used() {
  auto select = database_->prepare("SELECT used FROM mailbox WHERE id = 1");
  auto found = select.step();
  if (!found.ok()) return found.failure();
  return static_cast<std::uint64_t>(found.value() ? select.integer(0) : 0);
}

Outcome<std::int64_t> MailboxFile::spool_mark() {
  auto select = database_->prepare("SELECT spool_mark FROM mailbox WHERE id = 1");
  auto found = select.step();
  if (!found.ok()) return found.failure();
  return found.value() ? select.integer(0) : std::int64_t{0};
}

}  // namespace fwd::mailbox
