#ifndef FWD_RPC_REMOTE_FORWARDING_H
#define FWD_RPC_REMOTE_FORWARDING_H

// Forwarding, kept by asking the door.

#include "model/forwarding.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteForwarding final : public model::Forwarding {
 public:
  explicit RemoteForwarding(Door& door) : door_(door) {}
  Task<Outcome<model::Forwarded>> forward(model::NewForward forward) override;
  // Waits at the door, kMostForwardWait at most, and beside the connection's other calls.
  Task<Outcome<model::Forwarded>> await_forward(std::string id,
                                                std::chrono::milliseconds wait) override;
  Task<Outcome<void>> settle_forward(std::string id, model::SettleForward how) override;
  Task<Outcome<model::WentOn>> find_forwarded(model::CameBack back) override;
  Task<Outcome<model::Vacation>> get_vacation(std::string alias_id) override;
  Task<Outcome<std::string>> send_reply(model::NewReply reply) override;
  Task<Outcome<void>> confirm_recipient(std::string address) override;

 private:
  Door& door_;
};

}  // namespace fwd::rpc

#endif
