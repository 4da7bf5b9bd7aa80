#ifndef FWD_TESTS_SUPPORT_MEMORY_HANDLE_H
#define FWD_TESTS_SUPPORT_MEMORY_HANDLE_H

// One login's handle to an account in memory.

#include <deque>
#include <memory>

#include "core/event.h"
#include "support/memory_account.h"

namespace fwd::test {

class MemoryHandle final : public model::Mailbox {
 public:
  explicit MemoryHandle(std::shared_ptr<MemoryAccount> account);
  ~MemoryHandle() override;

  void put(model::Notice notice);  // one of a kind and folder is enough

  Task<Outcome<std::vector<model::Folder>>> list_folders() override;
  Task<Outcome<model::Folder>> get_folder(std::string path) override;
  Task<Outcome<model::Folder>> create_folder(std::string path, model::SpecialUse use) override;
  Task<Outcome<void>> delete_folder(std::string path) override;
  Task<Outcome<void>> rename_folder(std::string from, std::string to) override;
  Task<Outcome<void>> subscribe(std::string path, bool subscribed) override;
  Task<Outcome<model::OpenFolder>> open_folder(model::FolderId folder, bool claim) override;
  Task<Outcome<model::Changes>> changes_since(model::FolderId folder, model::ModSeq since,
                                              model::UidSet known, bool claim) override;
  std::unique_ptr<model::Batches<model::MessageRow>> fetch(model::FolderId folder,
                                                           model::UidSet uids,
                                                           std::uint32_t columns,
                                                           model::ModSeq changed_since) override;
  std::unique_ptr<model::Batches<format::PackedChunk>> read_content(model::FolderId folder,
                                                                    model::Uid uid,
                                                                    std::uint64_t offset,
                                                                    std::uint64_t length) override;
  Task<Outcome<model::StoreResult>> store_flags(model::FolderId folder, model::UidSet uids,
                                                model::FlagChange change, model::Flags flags,
                                                model::ModSeq unchanged_since) override;
  Task<Outcome<model::UidSet>> expunge(model::FolderId folder, model::UidSet uids) override;
  Task<Outcome<model::CopyResult>> append(std::string path,
                                          std::vector<model::NewMessage> messages) override;
  Task<Outcome<model::CopyResult>> copy(model::FolderId from, model::UidSet uids,
                                        std::string to_path) override;
  Task<Outcome<model::CopyResult>> move(model::FolderId from, model::UidSet uids,
                                        std::string to_path) override;
  Task<Outcome<model::Quota>> quota() override;
  Task<Outcome<model::Notice>> next_notice() override;
  bool has_notice() const override { return !notices_.empty(); }
  Task<Outcome<void>> sync_notices() override;

 private:
  // Counts the call; the failure every call is to give, if any.
  std::optional<Failure> called(const char* name);
  model::UidSet claim_recent(MemoryFolder& folder, bool claim);

  std::shared_ptr<MemoryAccount> account_;
  std::deque<model::Notice> notices_;
  Event arrived_;
};

}  // namespace fwd::test

#endif
