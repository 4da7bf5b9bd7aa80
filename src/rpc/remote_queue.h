#ifndef FWD_RPC_REMOTE_QUEUE_H
#define FWD_RPC_REMOTE_QUEUE_H

// Queue, kept by asking the door.

#include "model/queue.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteQueue final : public model::Queue {
 public:
  explicit RemoteQueue(Door& door) : door_(door) {}
  // Waits at the door, and beside the connection's other calls.
  Task<Outcome<std::vector<model::Claim>>> claim(model::ClaimQuestion question) override;
  // May go in several requests, each of at most kMostSlice.
  Task<Outcome<std::string>> read_outbound(std::string id, std::uint64_t offset,
                                           std::uint64_t most) override;
  Task<Outcome<void>> report(model::Report report) override;
  Task<Outcome<void>> prolong(std::uint64_t lease, std::chrono::seconds by) override;
  Task<Outcome<std::vector<model::SigningKey>>> signing_keys(std::string domain) override;
  Task<Outcome<model::BounceHook>> bounce_hook(std::string domain_id) override;
  Task<Outcome<model::ForwardOwners>> forward_owners(std::string domain_id,
                                                     std::string alias_id) override;

  // May go in several requests, each of at most kMostListed.
  Task<Outcome<std::vector<model::Outbound>>> list_outbound(model::QueueFilter filter) override;
  Task<Outcome<std::uint64_t>> act_on_outbound(model::QueueFilter filter,
                                               model::QueueAction action) override;
  Task<Outcome<model::QueueStat>> queue_stat() override;

 private:
  Task<Outcome<void>> list_page(const model::QueueFilter& filter,
                                std::vector<model::Outbound>& messages);
  Door& door_;
};

}  // namespace fwd::rpc

#endif
