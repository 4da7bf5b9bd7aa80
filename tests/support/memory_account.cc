// The data of an account in memory, and changing it.
#include "support/memory_account.h"

#include <cstdio>
#include <utility>

#include "support/memory_handle.h"

namespace fwd::test {

using model::ModSeq;
using model::Uid;

std::string MemoryAccount::new_object_id() {
  char text[32];
  std::snprintf(text, sizeof text, "%024llx", static_cast<unsigned long long>(next_object++));
  return text;
}

MemoryFolder* MemoryAccount::find(const std::string& path) {
  for (auto& [id, folder] : folders)
    if (folder.path == path) return &folder;
  return nullptr;
}

MemoryFolder* MemoryAccount::find(model::FolderId id) {
  const auto at = folders.find(id);
  return at == folders.end() ? nullptr : &at->second;
}

MemoryFolder& MemoryAccount::make(const std::string& path, model::SpecialUse use, bool selectable) {
  MemoryFolder& folder = folders[next_folder];
  folder.id = next_folder++;
  folder.path = path;
  folder.use = use;
  folder.selectable = selectable;
  folder.object_id = new_object_id();
  folder.uid_validity = next_validity++;
  join(folder);
  return folder;
}

void MemoryAccount::leave(const MemoryFolder& folder) {
  if (folder.subscribed && folder.asked_for) bare_subscriptions.insert(folder.path);
}

void MemoryAccount::join(MemoryFolder& folder) {
  if (bare_subscriptions.erase(folder.path) > 0) folder.subscribed = folder.asked_for = true;
}

Outcome<void> MemoryAccount::subscribe(const std::string& path, bool subscribed) {
  MemoryFolder* folder = find(path);
  if (folder != nullptr) {
    folder->subscribed = folder->asked_for = subscribed;
  } else if (subscribed) {
    bare_subscriptions.insert(path);
  } else if (bare_subscriptions.erase(path) == 0) {
    return Failure{Fault::kNotFound, "", ""};
  }
  return {};
}

Outcome<model::Folder> MemoryAccount::create(const std::string& path, model::SpecialUse use) {
  if (path.empty() || path.front() == '/' || path.find("//") != std::string::npos)
    return Failure{Fault::kBadInput, "That is no name for a mailbox", ""};
  MemoryFolder* there = find(path);
  if (there != nullptr && there->selectable) return Failure{Fault::kExists, "", ""};
  for (const auto& [id, folder] : folders)
    if (use != model::SpecialUse::kNone && folder.use == use)
      return Failure{Fault::kCannot, "Another mailbox has that use", ""};
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
    if (find(path.substr(0, end)) == nullptr)
      make(path.substr(0, end), model::SpecialUse::kNone, false);
  if (there == nullptr) there = &make(path, use, true);
  there->selectable = true;
  tell(model::NoticeKind::kFolderListChanged, 0);
  return describe(*there);
}

Outcome<void> MemoryAccount::remove(const std::string& path) {
  MemoryFolder* folder = find(path);
  if (folder == nullptr) return Failure{Fault::kNotFound, "", ""};
  if (folder->use != model::SpecialUse::kNone)
    return Failure{Fault::kCannot, "That mailbox is needed", ""};
  bool has_children = false;
  for (const auto& [id, other] : folders)
    has_children = has_children || other.path.starts_with(path + "/");
  if (has_children && !folder->selectable)
    return Failure{Fault::kCannot, "It has other mailboxes in it", ""};
  const model::FolderId id = folder->id;
  if (has_children) {
    folder->selectable = false;
    folder->messages.clear();
  } else {
    leave(*folder);
    folders.erase(id);
  }
  tell(model::NoticeKind::kFolderChanged, id);
  tell(model::NoticeKind::kFolderListChanged, 0);
  return {};
}

Outcome<void> MemoryAccount::rename(const std::string& from, const std::string& to) {
  MemoryFolder* folder = find(from);
  if (folder == nullptr) return Failure{Fault::kNotFound, "", ""};
  if (find(to) != nullptr) return Failure{Fault::kExists, "", ""};
  if (from == "INBOX") {
    auto made = create(to, model::SpecialUse::kNone);
    if (!made.ok()) return made.failure();
    folder = find(from);
    const auto moved = copy(*folder, model::UidSet::all(), to, true);
    if (!moved.ok()) return moved.failure();
    return {};
  }
  for (auto& [id, other] : folders) {
    if (other.path != from && !other.path.starts_with(from + "/")) continue;
    leave(other);
    other.path = to + other.path.substr(from.size());
    join(other);
  }
  tell(model::NoticeKind::kFolderListChanged, 0);
  return {};
}

model::Folder MemoryAccount::describe(const MemoryFolder& folder) const {
  model::Folder out;
  out.id = folder.id;
  out.object_id = folder.object_id;
  out.path = folder.path;
  out.special_use = folder.use;
  out.subscribed = folder.subscribed;
  out.selectable = folder.selectable;
  out.uid_validity = folder.uid_validity;
  out.uid_next = folder.uid_next;
  out.highest_modseq = folder.highest;
  for (const auto& [uid, message] : folder.messages) {
    ++out.messages;
    out.unseen += message.row.flags.has(model::kSeen) ? 0 : 1;
    out.deleted += message.row.flags.has(model::kDeleted) ? 1 : 0;
    out.recent += message.recent ? 1 : 0;
    out.size += message.row.size;
  }
  return out;
}

std::uint64_t MemoryAccount::used() const {
  std::uint64_t out = 0;
  for (const auto& [id, folder] : folders)
    for (const auto& [uid, message] : folder.messages) out += message.row.size;
  return out;
}

Uid MemoryAccount::add(MemoryFolder& folder, MemoryMessage message, ModSeq at) {
  const Uid uid = folder.uid_next++;
  message.row.uid = uid;
  message.row.modseq = at;
  message.row.save_date = unix_seconds(clock->wall());
  message.recent = true;
  folder.highest = at;
  folder.messages.emplace(uid, std::move(message));
  return uid;
}

void MemoryAccount::expunge(MemoryFolder& folder, Uid uid, ModSeq at) {
  folder.messages.erase(uid);
  folder.expunged[uid] = at;
  folder.highest = at;
}

Outcome<model::CopyResult> MemoryAccount::copy(MemoryFolder& from, const model::UidSet& uids,
                                               const std::string& to_path, bool move) {
  MemoryFolder* to = find(to_path);
  if (to == nullptr || !to->selectable) return Failure{Fault::kNotFound, "", ""};
  std::vector<Uid> chosen;
  std::uint64_t octets = 0;
  for (const auto& [uid, message] : from.messages) {
    if (!uids.contains(uid)) continue;
    chosen.push_back(uid);
    octets += message.row.size;
  }
  if (!move && used() + octets > quota) return Failure{Fault::kOverQuota, "", ""};
  const ModSeq at = ++modseq;
  model::CopyResult result;
  result.uid_validity = to->uid_validity;
  for (const Uid uid : chosen) {
    MemoryMessage message = from.messages.at(uid);
    if (move) expunge(from, uid, at);
    result.uids.emplace_back(uid, add(*to, std::move(message), at));
  }
  result.highest_modseq = from.highest;
  if (!chosen.empty()) {
    if (move) tell(model::NoticeKind::kFolderChanged, from.id);
    tell(model::NoticeKind::kFolderChanged, to->id);
  }
  return result;
}

void MemoryAccount::tell(model::NoticeKind kind, model::FolderId folder, const std::string& text) {
  for (MemoryHandle* handle : handles) handle->put({kind, folder, text});
}

MemoryMessage make_message(MemoryAccount& account, format::PackedMessage packed, model::Flags flags,
                           std::optional<std::int64_t> date) {
  MemoryMessage out;
  out.row.flags = std::move(flags);
  out.row.internal_date = date.value_or(unix_seconds(account.clock->wall()));
  out.row.size = packed.size;
  out.row.email_id = account.new_object_id();
  out.row.thread_id = out.row.email_id;
  out.row.outline = std::move(packed.outline);
  out.row.chunks = std::move(packed.chunks);
  return out;
}

}  // namespace fwd::test
