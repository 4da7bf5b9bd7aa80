#ifndef FWD_TESTS_SUPPORT_MEMORY_ACCOUNT_H
#define FWD_TESTS_SUPPORT_MEMORY_ACCOUNT_H

// The data behind MemoryStore and its handles: plain maps, changed by plain
// functions; memory_mailbox.cc puts the promises on top.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/clock.h"
#include "model/mailbox.h"

namespace fwd::test {

struct MemoryMessage {
  model::MessageRow row;  // every column filled
  bool recent = true;
};

struct MemoryFolder {
  model::FolderId id = 0;
  std::string path, object_id;
  model::SpecialUse use = model::SpecialUse::kNone;
  bool subscribed = true, selectable = true;
  bool asked_for = false;  // by SUBSCRIBE
  std::uint32_t uid_validity = 1;
  model::Uid uid_next = 1;
  model::ModSeq highest = 1;
  model::ModSeq records_since = 0;  // expunge records are complete from here on
  std::map<model::Uid, MemoryMessage> messages;
  std::map<model::Uid, model::ModSeq> expunged;
};

class MemoryHandle;

struct MemoryAccount {
  Clock* clock = nullptr;
  std::string alias_id, address;
  std::map<model::FolderId, MemoryFolder> folders;
  std::set<std::string> bare_subscriptions;  // to names without a folder
  model::FolderId next_folder = 1;
  model::ModSeq modseq = 1;
  std::uint64_t next_object = 1;
  std::uint32_t next_validity = 1000;
  std::uint64_t quota = 1ULL << 40;
  std::optional<Failure> failure;
  std::map<std::string, int> calls;
  std::set<MemoryHandle*> handles;

  std::string new_object_id();
  MemoryFolder* find(const std::string& path);
  MemoryFolder* find(model::FolderId id);
  MemoryFolder& make(const std::string& path, model::SpecialUse use, bool selectable);
  Outcome<model::Folder> create(const std::string& path, model::SpecialUse use);
  Outcome<void> remove(const std::string& path);
  Outcome<void> rename(const std::string& from, const std::string& to);
  Outcome<void> subscribe(const std::string& path, bool subscribed);
  // The folder leaves its path, or has come to it.
  void leave(const MemoryFolder& folder);
  void join(MemoryFolder& folder);
  model::Folder describe(const MemoryFolder& folder) const;
  std::uint64_t used() const;

  model::Uid add(MemoryFolder& folder, MemoryMessage message, model::ModSeq at);
  void expunge(MemoryFolder& folder, model::Uid uid, model::ModSeq at);
  Outcome<model::CopyResult> copy(MemoryFolder& from, const model::UidSet& uids,
                                  const std::string& to_path, bool move);

  void tell(model::NoticeKind kind, model::FolderId folder, const std::string& text = {});
};

// A message made of what `format` works out.
MemoryMessage make_message(MemoryAccount& account, format::PackedMessage packed, model::Flags flags,
                           std::optional<std::int64_t> date);

}  // namespace fwd::test

#endif
