#ifndef FWD_RPC_REMOTE_DELIVERIES_H
#define FWD_RPC_REMOTE_DELIVERIES_H

// Deliveries, kept by asking the door.

#include "model/deliveries.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteDeliveries final : public model::Deliveries {
 public:
  explicit RemoteDeliveries(Door& door) : door_(door) {}
  Task<Outcome<model::Recipient>> resolve_recipient(model::RecipientQuestion question) override;
  // A delivery to many mailboxes may go in several requests, one after the
  // other; success still means all of them.
  Task<Outcome<void>> deliver(model::Delivery delivery) override;

 private:
  Door& door_;
};

}  // namespace fwd::rpc

#endif
