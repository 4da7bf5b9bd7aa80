#ifndef FWD_DOOR_FORWARDING_KEEPER_H
#define FWD_DOOR_FORWARDING_KEEPER_H

// Keeps model::Forwarding: what came in goes to the queue under the domain it was
// for, with a return path of ours; and so do answers to it.

#include <string>
#include <utility>

#include "door/recipient_verification.h"
#include "door/return_paths.h"
#include "door/stores.h"
#include "model/forwarding.h"
#include "storage/queue/queue_store.h"

namespace fwd::door {

class ForwardingKeeper final : public model::Forwarding {
 public:
  // All must outlive it.
  ForwardingKeeper(Stores& stores, queue::QueueStore& queue, const ReturnPaths& paths,
                   RecipientVerification& verification)
      : stores_(stores), queue_(queue), paths_(paths), verification_(verification) {}

  Task<Outcome<model::Forwarded>> forward(model::NewForward forward) override;
  Task<Outcome<model::Forwarded>> await_forward(std::string id,
                                                std::chrono::milliseconds wait) override;
  Task<Outcome<void>> settle_forward(std::string id, model::SettleForward how) override;
  Task<Outcome<model::WentOn>> find_forwarded(model::CameBack back) override;
  Task<Outcome<model::Vacation>> get_vacation(std::string alias_id) override;
  Task<Outcome<std::string>> send_reply(model::NewReply reply) override;
  Task<Outcome<void>> confirm_recipient(std::string address) override {
    return verification_.confirm(std::move(address));
  }

 private:
  Task<Outcome<std::string>> own_path_domain(std::string name);
  Task<Outcome<std::string>> return_path_domain(std::string sender, const model::Domain& domain);
  // A return path of ours.
  struct Path {
    std::string sender;       // that it was made for
    std::string domain;       // the path's own
    bool is_own = false;      // the sender is one of ours
    bool is_forward = false;  // or may be; not of what the sender sent himself
  };
  Task<Outcome<Path>> read_path(std::string return_path);

  Stores& stores_;
  queue::QueueStore& queue_;
  const ReturnPaths& paths_;
  RecipientVerification& verification_;
};

// The sender that a local part was made for, `token` or not; kDenied when it is none
// of ours.
Task<Outcome<ReturnPaths::Opened>> open_return_path(const ReturnPaths& paths,
                                                    queue::QueueStore& queue, std::string local,
                                                    WallTime now);

}  // namespace fwd::door

#endif
