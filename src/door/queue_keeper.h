#ifndef FWD_DOOR_QUEUE_KEEPER_H
#define FWD_DOOR_QUEUE_KEEPER_H

// Keeps model::Queue: the queue's store, with return paths, signing keys and
// webhooks; and who looks after an address.

#include <string>
#include <vector>

#include "door/return_paths.h"
#include "door/signing_keys.h"
#include "door/stores.h"
#include "door/webhook_keys.h"
#include "model/queue.h"
#include "storage/queue/queue_store.h"

namespace fwd::door {

class QueueKeeper final : public model::Queue {
 public:
  // All must outlive it.
  QueueKeeper(Stores& stores, queue::QueueStore& store, const ReturnPaths& paths, SigningKeys& keys,
              const WebhookKeys& webhooks)
      : stores_(stores), store_(store), paths_(paths), keys_(keys), webhooks_(webhooks) {}

  Task<Outcome<std::vector<model::Claim>>> claim(model::ClaimQuestion question) override;
  Task<Outcome<std::string>> read_outbound(std::string id, std::uint64_t offset,
                                           std::uint64_t most) override;
  Task<Outcome<void>> report(model::Report report) override;
  Task<Outcome<void>> prolong(std::uint64_t lease, std::chrono::seconds by) override;
  Task<Outcome<std::vector<model::SigningKey>>> signing_keys(std::string domain) override;
  Task<Outcome<model::BounceHook>> bounce_hook(std::string domain_id) override;
  Task<Outcome<model::ForwardOwners>> forward_owners(std::string domain_id,
                                                     std::string alias_id) override;
  Task<Outcome<std::vector<model::Outbound>>> list_outbound(model::QueueFilter filter) override;
  Task<Outcome<std::uint64_t>> act_on_outbound(model::QueueFilter filter,
                                               model::QueueAction action) override;
  Task<Outcome<model::QueueStat>> queue_stat() override;

 private:
  Task<Outcome<std::string>> address_of(std::string user_id);

  Stores& stores_;
  queue::QueueStore& store_;
  const ReturnPaths& paths_;
  SigningKeys& keys_;
  const WebhookKeys& webhooks_;
};

}  // namespace fwd::door

#endif
