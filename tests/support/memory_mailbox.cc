// Stores and logins in memory.
#include "support/memory_mailbox.h"

#include <utility>

#include "format/outline.h"
#include "support/memory_handle.h"

namespace fwd::test {

MemoryStore::MemoryStore(Clock& clock, std::string alias_id, std::string address)
    : account_(std::make_shared<MemoryAccount>()) {
  account_->clock = &clock;
  account_->alias_id = std::move(alias_id);
  account_->address = std::move(address);
  using model::SpecialUse;
  account_->make("INBOX", SpecialUse::kInbox, true);
  account_->make("Drafts", SpecialUse::kDrafts, true);
  account_->make("Sent Mail", SpecialUse::kSent, true);
  account_->make("Archive", SpecialUse::kArchive, true);
  account_->make("Spam", SpecialUse::kJunk, true);
  account_->make("Trash", SpecialUse::kTrash, true);
}

MemoryStore::~MemoryStore() = default;

std::shared_ptr<model::Mailbox> MemoryStore::open() {
  return std::make_shared<MemoryHandle>(account_);
}

model::LoggedIn MemoryStore::log_in() { return {account_->alias_id, account_->address, open()}; }

model::Uid MemoryStore::deliver(const std::string& path, std::string_view message,
                                model::Flags flags) {
  MemoryFolder* folder = account_->find(path);
  const model::ModSeq at = ++account_->modseq;
  MemoryMessage made =
      make_message(*account_, format::pack_message(message), std::move(flags), std::nullopt);
  const model::Uid uid = account_->add(*folder, std::move(made), at);
  account_->tell(model::NoticeKind::kFolderChanged, folder->id);
  return uid;
}

void MemoryStore::log_out_all(const std::string& why) {
  account_->tell(model::NoticeKind::kLoggedOut, 0, why);
}

void MemoryStore::set_quota(std::uint64_t octets) { account_->quota = octets; }

void MemoryStore::fail_with(std::optional<Failure> failure) {
  account_->failure = std::move(failure);
}

void MemoryStore::corrupt(const std::string& path, model::Uid uid) {
  account_->find(path)->messages.at(uid).row.chunks.back().packed = "not a chunk of ours";
}

void MemoryStore::forget_expunges() {
  for (auto& [id, folder] : account_->folders) {
    folder.expunged.clear();
    folder.records_since = account_->modseq;
  }
}

const std::map<std::string, int>& MemoryStore::calls() const { return account_->calls; }

void MemoryLogins::add(const std::string& address, const std::string& password,
                       MemoryStore& store) {
  users_[address] = {password, &store};
}

Task<Outcome<model::LoggedIn>> MemoryLogins::log_in(model::LoginContext, std::string address,
                                                    std::string password) {
  const auto user = users_.find(address);
  if (user == users_.end() || user->second.password != password)
    co_return Failure{Fault::kBadLogin, "", "no such name or password"};
  co_return user->second.store->log_in();
}

Task<Outcome<std::unique_ptr<model::ScramExchange>>> MemoryLogins::begin_scram(
    model::LoginContext, std::string client_first, bool offered_plus) {
  if (!begin_) co_return Failure{Fault::kUnavailable, "", "no SCRAM in this test"};
  co_return begin_(client_first, offered_plus);
}

}  // namespace fwd::test
