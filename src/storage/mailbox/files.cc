// Mailbox files as names on the disk.
#include "storage/mailbox/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "storage/mailbox/identity.h"

namespace fwd::mailbox {
namespace {

constexpr std::string_view kEnd = ".sqlite";
constexpr const char* kBeside[] = {"-wal", "-shm", "-journal"};

Failure trouble(const std::string& doing, const std::string& path) {
  return {Fault::kUnavailable, "", "cannot " + doing + " " + path + ": " + std::strerror(errno)};
}

// The database itself first: what is left without it is only noise.
Outcome<void> remove_database(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return trouble("delete", path);
  for (const char* end : kBeside)
    if (::unlink((path + end).c_str()) != 0 && errno != ENOENT)
      return trouble("delete", path + end);
  return {};
}

// Makes the names in `path`'s folder durable.  A folder that is not there has none.
Outcome<void> sync_folder(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/'));
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0 && errno == ENOENT) return {};
  if (opened < 0) return trouble("open", folder);
  const bool synced = ::fsync(opened) == 0;
  auto failed = trouble("sync", folder);
  ::close(opened);
  if (!synced) return failed;
  return {};
}

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

// Calls `each(name)` for all names in a folder; one that is not there is empty.
template <typename Each>
Outcome<void> for_names(const std::string& path, Each each) {
  const Folder folder(::opendir(path.c_str()), ::closedir);
  if (folder == nullptr && errno == ENOENT) return {};
  if (folder == nullptr) return trouble("read", path);
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr && errno != 0) return trouble("read", path);
    if (entry == nullptr) return {};
    const std::string name = entry->d_name;
    if (name != "." && name != "..") each(name);
  }
}

bool is_beside(std::string_view rest) {
  for (const std::string_view end : kBeside)
    if (rest == end) return true;
  return false;
}

// Nothing for what stands beside an open mailbox.
std::optional<FoundFile> look_at(const std::string& folder, const std::string& name) {
  FoundFile found;
  found.path = folder + '/' + name;
  struct stat status {};
  if (::lstat(found.path.c_str(), &status) != 0) return std::nullopt;  // gone meanwhile
  found.octets = static_cast<std::uint64_t>(status.st_size);
  const std::size_t end = name.find(kEnd);
  const std::string id = name.substr(0, end);
  if (end == std::string::npos || !is_alias_id(id) ||
      !found.path.ends_with(file_path(id) + name.substr(end + kEnd.size())))
    return found;
  found.alias_id = id;
  const std::string rest = name.substr(end + kEnd.size());
  const std::string mailbox = folder + '/' + id + std::string(kEnd);
  if (is_beside(rest) && ::access(mailbox.c_str(), F_OK) == 0) return std::nullopt;
  found.is_mailbox = rest.empty();
  return found;
}

}  // namespace

std::string next_path(const std::string& path) { return path + ".next"; }

Outcome<bool> is_there(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return trouble("look at", path);
}

Outcome<void> remove_next(const std::string& path) {
  for (const std::string& name : {next_path(path), next_path(path) + ".new"})
    if (auto done = remove_database(name); !done.ok()) return done;
  return sync_folder(path);
}

Outcome<void> remove_mailbox(const std::string& path) {
  for (const std::string& name : {path, path + ".new"})
    if (auto done = remove_database(name); !done.ok()) return done;
  return remove_next(path);
}

Outcome<void> put_next(const std::string& path) {
  const std::string next = next_path(path);
  const auto there = is_there(next);
  if (!there.ok()) return there.failure();
  if (!there.value()) return sync_folder(path);
  if (auto done = remove_database(path); !done.ok()) return done;
  if (std::rename(next.c_str(), path.c_str()) != 0) return trouble("rename", next);
  return sync_folder(path);
}

Outcome<std::vector<FoundFile>> find_files(const std::string& folder) {
  std::vector<FoundFile> all;
  std::vector<std::string> parts;
  auto read = for_names(folder, [&](const std::string& name) { parts.push_back(name); });
  if (!read.ok()) return read.failure();
  for (const std::string& part : parts) {
    const std::string path = folder + '/' + part;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) continue;
    if (!S_ISDIR(status.st_mode)) {
      all.push_back({"", path, false, static_cast<std::uint64_t>(status.st_size)});
      continue;
    }
    read = for_names(path, [&](const std::string& name) {
      if (auto found = look_at(path, name)) all.push_back(std::move(*found));
    });
    if (!read.ok()) return read.failure();
  }
  return all;
}

}  // namespace fwd::mailbox
