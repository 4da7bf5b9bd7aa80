// One login's handle to an account in memory.
#include "support/memory_handle.h"

#include <algorithm>
#include <set>
#include <utility>

namespace fwd::test {
namespace {

using model::ModSeq;
using model::Uid;

Failure gone() { return Failure{Fault::kNotFound, "", ""}; }

constexpr std::size_t kRowsPerBatch = 3;  // small, so that batches are met

// Rows of one folder, looked up as they are asked for.
class RowBatches final : public model::Batches<model::MessageRow> {
 public:
  RowBatches(std::shared_ptr<MemoryAccount> account, std::optional<Failure> failure,
             model::FolderId folder, model::UidSet uids, std::uint32_t columns, ModSeq since)
      : account_(std::move(account)),
        failure_(std::move(failure)),
        folder_(folder),
        uids_(std::move(uids)),
        columns_(columns),
        since_(since) {}

  Task<Outcome<std::vector<model::MessageRow>>> next() override {
    if (failure_) co_return *failure_;
    MemoryFolder* folder = account_->find(folder_);
    if (folder == nullptr) co_return gone();
    std::vector<model::MessageRow> out;
    auto at = folder->messages.upper_bound(last_);
    for (; at != folder->messages.end() && out.size() < kRowsPerBatch; ++at) {
      last_ = at->first;
      if (!uids_.contains(at->first) || at->second.row.modseq <= since_) continue;
      out.push_back(choose(at->second.row));
    }
    co_return out;
  }

 private:
  // Only what was asked for, so that a missing column is noticed.
  model::MessageRow choose(const model::MessageRow& row) const {
    const auto asked = [&](model::Column column) { return (columns_ & column) != 0; };
    model::MessageRow out;
    out.uid = row.uid;
    if (asked(model::kColModSeq)) out.modseq = row.modseq;
    if (asked(model::kColFlags)) out.flags = row.flags;
    if (asked(model::kColInternalDate)) out.internal_date = row.internal_date;
    if (asked(model::kColSaveDate)) out.save_date = row.save_date;
    if (asked(model::kColSize)) out.size = row.size;
    if (asked(model::kColIds)) {
      out.email_id = row.email_id;
      out.thread_id = row.thread_id;
    }
    if (asked(model::kColEnvelope)) out.outline.envelope = row.outline.envelope;
    if (asked(model::kColBody)) out.outline.body = row.outline.body;
    if (asked(model::kColBodyStructure)) out.outline.body_structure = row.outline.body_structure;
    if (asked(model::kColParts)) out.outline.parts = row.outline.parts;
    if (asked(model::kColPreview)) out.outline.preview = row.outline.preview;
    if (asked(model::kColSearchHead)) out.outline.search_head = row.outline.search_head;
    if (asked(model::kColSearchBody)) out.outline.search_body = row.outline.search_body;
    if (asked(model::kColSentDate)) {
      out.outline.sent_date = row.outline.sent_date;
      out.outline.sent_zone = row.outline.sent_zone;
    }
    if (asked(model::kColContent) && row.size <= model::kInlineContent) {
      out.has_content = true;
      out.chunks = row.chunks;
    }
    return out;
  }

  std::shared_ptr<MemoryAccount> account_;
  std::optional<Failure> failure_;
  model::FolderId folder_;
  model::UidSet uids_;
  std::uint32_t columns_;
  ModSeq since_;
  Uid last_ = 0;
};

class ChunkBatches final : public model::Batches<format::PackedChunk> {
 public:
  ChunkBatches(std::shared_ptr<MemoryAccount> account, std::optional<Failure> failure,
               model::FolderId folder, Uid uid, std::uint64_t offset, std::uint64_t end)
      : account_(std::move(account)),
        failure_(std::move(failure)),
        folder_(folder),
        uid_(uid),
        next_(offset),
        end_(end) {}

  Task<Outcome<std::vector<format::PackedChunk>>> next() override {
    if (failure_) co_return *failure_;
    MemoryFolder* folder = account_->find(folder_);
    if (folder == nullptr || !folder->messages.contains(uid_)) co_return gone();
    std::vector<format::PackedChunk> out;
    for (const format::PackedChunk& chunk : folder->messages.at(uid_).row.chunks) {
      const std::uint64_t chunk_end = chunk.offset + chunk.raw_size;
      if (chunk_end <= next_ || chunk.offset >= end_) continue;
      next_ = chunk_end;
      out.push_back(chunk);
      break;
    }
    co_return out;
  }

 private:
  std::shared_ptr<MemoryAccount> account_;
  std::optional<Failure> failure_;
  model::FolderId folder_;
  Uid uid_;
  std::uint64_t next_, end_;
};

}  // namespace

MemoryHandle::MemoryHandle(std::shared_ptr<MemoryAccount> account) : account_(std::move(account)) {
  account_->handles.insert(this);
}

MemoryHandle::~MemoryHandle() { account_->handles.erase(this); }

void MemoryHandle::put(model::Notice notice) {
  const auto same = [&](const model::Notice& other) {
    return other.kind == notice.kind && other.folder == notice.folder;
  };
  if (std::none_of(notices_.begin(), notices_.end(), same)) notices_.push_back(std::move(notice));
  arrived_.set();
}

std::optional<Failure> MemoryHandle::called(const char* name) {
  ++account_->calls[name];
  return account_->failure;
}

Task<Outcome<std::vector<model::Folder>>> MemoryHandle::list_folders() {
  if (auto failure = called("list_folders")) co_return *failure;
  std::vector<model::Folder> out;
  for (const auto& [id, folder] : account_->folders) out.push_back(account_->describe(folder));
  for (const std::string& path : account_->bare_subscriptions) {
    model::Folder missing;
    missing.path = path;
    missing.exists = missing.selectable = false;
    out.push_back(std::move(missing));
  }
  std::sort(out.begin(), out.end(),
            [](const model::Folder& a, const model::Folder& b) { return a.path < b.path; });
  co_return out;
}

Task<Outcome<model::Folder>> MemoryHandle::get_folder(std::string path) {
  if (auto failure = called("get_folder")) co_return *failure;
  const MemoryFolder* folder = account_->find(path);
  if (folder == nullptr) co_return gone();
  co_return account_->describe(*folder);
}

Task<Outcome<model::Folder>> MemoryHandle::create_folder(std::string path, model::SpecialUse use) {
  if (auto failure = called("create_folder")) co_return *failure;
  co_return account_->create(path, use);
}

Task<Outcome<void>> MemoryHandle::delete_folder(std::string path) {
  if (auto failure = called("delete_folder")) co_return *failure;
  co_return account_->remove(path);
}

Task<Outcome<void>> MemoryHandle::rename_folder(std::string from, std::string to) {
  if (auto failure = called("rename_folder")) co_return *failure;
  co_return account_->rename(from, to);
}

Task<Outcome<void>> MemoryHandle::subscribe(std::string path, bool subscribed) {
  if (auto failure = called("subscribe")) co_return *failure;
  co_return account_->subscribe(path, subscribed);
}

model::UidSet MemoryHandle::claim_recent(MemoryFolder& folder, bool claim) {
  model::UidSet out;
  for (auto& [uid, message] : folder.messages) {
    if (!claim || !message.recent) continue;
    message.recent = false;
    out.add(uid);
  }
  return out;
}

Task<Outcome<model::OpenFolder>> MemoryHandle::open_folder(model::FolderId id, bool claim) {
  if (auto failure = called("open_folder")) co_return *failure;
  MemoryFolder* folder = account_->find(id);
  if (folder == nullptr) co_return gone();
  model::OpenFolder out;
  out.folder = account_->describe(*folder);
  std::set<std::string> keywords;
  for (const auto& [uid, message] : folder->messages) {
    out.uids.push_back(uid);
    keywords.insert(message.row.flags.keywords.begin(), message.row.flags.keywords.end());
    if (out.first_unseen == 0 && !message.row.flags.has(model::kSeen)) out.first_unseen = uid;
  }
  out.keywords.assign(keywords.begin(), keywords.end());
  out.recent = claim_recent(*folder, claim);
  co_return out;
}

Task<Outcome<model::Changes>> MemoryHandle::changes_since(model::FolderId id, ModSeq since,
                                                          model::UidSet known, bool claim) {
  if (auto failure = called("changes_since")) co_return *failure;
  MemoryFolder* folder = account_->find(id);
  if (folder == nullptr) co_return gone();
  model::Changes out;
  for (const auto& [uid, message] : folder->messages)
    if (message.row.modseq > since)
      out.messages.push_back({uid, message.row.modseq, message.row.flags});
  for (const auto& [uid, modseq] : folder->expunged)
    if (modseq > since && (known.empty() || known.contains(uid))) out.expunged.add(uid);
  out.expunged_complete = since >= folder->records_since;
  if (!out.expunged_complete)
    for (const auto& [uid, message] : folder->messages) out.uids.push_back(uid);
  out.highest_modseq = folder->highest;
  out.uid_next = folder->uid_next;
  out.recent = claim_recent(*folder, claim);
  co_return out;
}

std::unique_ptr<model::Batches<model::MessageRow>> MemoryHandle::fetch(model::FolderId folder,
                                                                       model::UidSet uids,
                                                                       std::uint32_t columns,
                                                                       ModSeq changed_since) {
  auto failure = called("fetch");
  return std::make_unique<RowBatches>(account_, std::move(failure), folder, std::move(uids),
                                      columns, changed_since);
}

std::unique_ptr<model::Batches<format::PackedChunk>> MemoryHandle::read_content(
    model::FolderId folder, Uid uid, std::uint64_t offset, std::uint64_t length) {
  auto failure = called("read_content");
  const std::uint64_t end = length > UINT64_MAX - offset ? UINT64_MAX : offset + length;
  return std::make_unique<ChunkBatches>(account_, std::move(failure), folder, uid, offset, end);
}

Task<Outcome<model::StoreResult>> MemoryHandle::store_flags(model::FolderId id, model::UidSet uids,
                                                            model::FlagChange change,
                                                            model::Flags flags,
                                                            ModSeq unchanged_since) {
  if (auto failure = called("store_flags")) co_return *failure;
  MemoryFolder* folder = account_->find(id);
  if (folder == nullptr) co_return gone();
  model::StoreResult out;
  const ModSeq at = account_->modseq + 1;
  for (auto& [uid, message] : folder->messages) {
    if (!uids.contains(uid)) continue;
    if (message.row.modseq > unchanged_since) {
      out.failed.add(uid);
      continue;
    }
    if (model::apply(change, flags, message.row.flags)) {
      message.row.modseq = at;
      folder->highest = account_->modseq = at;
    }
    out.changed.push_back({uid, message.row.modseq, message.row.flags});
  }
  if (folder->highest == at) account_->tell(model::NoticeKind::kFolderChanged, id);
  co_return out;
}

Task<Outcome<model::UidSet>> MemoryHandle::expunge(model::FolderId id, model::UidSet uids) {
  if (auto failure = called("expunge")) co_return *failure;
  MemoryFolder* folder = account_->find(id);
  if (folder == nullptr) co_return gone();
  model::UidSet out;
  for (const auto& [uid, message] : folder->messages)
    if (uids.contains(uid) && message.row.flags.has(model::kDeleted)) out.add(uid);
  if (out.empty()) co_return out;
  const ModSeq at = ++account_->modseq;
  for (const model::UidRange& range : out.ranges())
    for (Uid uid = range.first; uid <= range.last; ++uid) account_->expunge(*folder, uid, at);
  account_->tell(model::NoticeKind::kFolderChanged, id);
  co_return out;
}

Task<Outcome<model::CopyResult>> MemoryHandle::append(std::string path,
                                                      std::vector<model::NewMessage> messages) {
  if (auto failure = called("append")) co_return *failure;
  MemoryFolder* folder = account_->find(path);
  if (folder == nullptr || !folder->selectable) co_return gone();
  std::uint64_t octets = account_->used();
  for (const model::NewMessage& message : messages) octets += message.message.size;
  if (octets > account_->quota) co_return Failure{Fault::kOverQuota, "", ""};
  model::CopyResult out;
  out.uid_validity = folder->uid_validity;
  const ModSeq at = ++account_->modseq;
  for (model::NewMessage& message : messages) {
    MemoryMessage made = make_message(*account_, std::move(message.message),
                                      std::move(message.flags), message.internal_date);
    out.uids.emplace_back(0, account_->add(*folder, std::move(made), at));
  }
  account_->tell(model::NoticeKind::kFolderChanged, folder->id);
  co_return out;
}

Task<Outcome<model::CopyResult>> MemoryHandle::copy(model::FolderId from, model::UidSet uids,
                                                    std::string to_path) {
  if (auto failure = called("copy")) co_return *failure;
  MemoryFolder* folder = account_->find(from);
  if (folder == nullptr) co_return gone();
  co_return account_->copy(*folder, uids, to_path, false);
}

Task<Outcome<model::CopyResult>> MemoryHandle::move(model::FolderId from, model::UidSet uids,
                                                    std::string to_path) {
  if (auto failure = called("move")) co_return *failure;
  MemoryFolder* folder = account_->find(from);
  if (folder == nullptr) co_return gone();
  co_return account_->copy(*folder, uids, to_path, true);
}

Task<Outcome<model::Quota>> MemoryHandle::quota() {
  if (auto failure = called("quota")) co_return *failure;
  co_return model::Quota{account_->used(), account_->quota};
}

Task<Outcome<model::Notice>> MemoryHandle::next_notice() {
  while (notices_.empty()) {
    arrived_.clear();
    co_await arrived_.wait();
  }
  model::Notice notice = std::move(notices_.front());
  notices_.pop_front();
  co_return notice;
}

Task<Outcome<void>> MemoryHandle::sync_notices() {
  if (auto failure = called("sync_notices")) co_return *failure;
  co_return Outcome<void>{};
}

}  // namespace fwd::test
