#ifndef FWD_DOOR_DELIVERY_KEEPER_H
#define FWD_DOOR_DELIVERY_KEEPER_H

// Keeps model::Deliveries: the directory's answer with the mailboxes' quota,
// and mail into mailboxes open and closed.

#include "door/open_mailboxes.h"
#include "door/stores.h"
#include "model/deliveries.h"

namespace fwd::door {

class DeliveryKeeper final : public model::Deliveries {
 public:
  DeliveryKeeper(Stores& stores, OpenMailboxes& mailboxes)
      : stores_(stores), mailboxes_(mailboxes) {}

  Task<Outcome<model::Recipient>> find_recipient(std::string address) override;
  Task<Outcome<void>> deliver(model::Delivery delivery) override;

 private:
  Stores& stores_;
  OpenMailboxes& mailboxes_;
};

}  // namespace fwd::door

#endif
