#ifndef FWD_RPC_REMOTE_MAILBOX_H
#define FWD_RPC_REMOTE_MAILBOX_H

// One logged-in Mailbox, kept by asking the door.  Holds the connection that
// the login lives on; kClosed from every call once that is lost.

#include <memory>

#include "model/mailbox.h"
#include "rpc/link.h"

namespace fwd::rpc {

class RemoteMailbox final : public model::Mailbox {
 public:
  // `object`: under which the door knows the mailbox.
  explicit RemoteMailbox(std::unique_ptr<LinkObject> object) : object_(std::move(object)) {}

  Task<Outcome<std::vector<model::Folder>>> list_folders() override;
  Task<Outcome<model::Folder>> get_folder(std::string path) override;
  Task<Outcome<model::Folder>> create_folder(std::string path,
                                             model::SpecialUse special_use) override;
  Task<Outcome<void>> delete_folder(std::string path) override;
  Task<Outcome<void>> rename_folder(std::string from, std::string to) override;
  Task<Outcome<void>> subscribe(std::string path, bool subscribed) override;

  Task<Outcome<model::OpenFolder>> open_folder(model::FolderId folder, bool claim_recent) override;
  Task<Outcome<model::Changes>> changes_since(model::FolderId folder, model::ModSeq since,
                                              model::UidSet known, bool claim_recent) override;
  // What comes is asked for two batches ahead (Limits::prefetch).
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

  Task<Outcome<model::Notice>> next_notice() override { return object_->notices().next(); }
  bool has_notice() const override { return !object_->notices().empty(); }
  Task<Outcome<void>> sync_notices() override;

 private:
  Task<Outcome<Parcel>> ask(Verb verb, Parcel request);
  Task<Outcome<void>> ask_for_nothing(Verb verb, Parcel request);
  Task<Outcome<model::Folder>> ask_for_folder(Verb verb, Parcel request);
  Task<Outcome<model::CopyResult>> ask_for_copy(Verb verb, Parcel request);

  std::unique_ptr<LinkObject> object_;
};

}  // namespace fwd::rpc

#endif
