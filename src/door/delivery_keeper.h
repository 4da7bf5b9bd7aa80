#ifndef FWD_DOOR_DELIVERY_KEEPER_H
#define FWD_DOOR_DELIVERY_KEEPER_H

// Keeps model::Deliveries: the directory's answer with the mailboxes' quota,
// return paths as the addresses they were made for, mail into mailboxes open and
// closed, and what comes back marked in the queue.

#include <optional>
#include <string>

#include "door/open_mailboxes.h"
#include "door/recipient_verification.h"
#include "door/return_paths.h"
#include "door/stores.h"
#include "door/txt_values.h"
#include "model/deliveries.h"
#include "storage/queue/queue_store.h"

namespace fwd::door {

class DeliveryKeeper final : public model::Deliveries {
 public:
  DeliveryKeeper(Stores& stores, OpenMailboxes& mailboxes, const ReturnPaths& paths,
                 const TxtValues& txt, queue::QueueStore& queue,
                 RecipientVerification& verification)
      : stores_(stores),
        mailboxes_(mailboxes),
        paths_(paths),
        txt_(txt),
        queue_(queue),
        verification_(verification) {}

  Task<Outcome<model::Recipient>> resolve_recipient(model::RecipientQuestion question) override;
  Task<Outcome<void>> deliver(model::Delivery delivery) override;

 private:
  Task<Outcome<model::Recipient>> find_address(model::RecipientQuestion question);
  // Nothing: its domain is no domain of return paths of ours.  `question`: with
  // `local` and `domain` in its address.
  Task<Outcome<std::optional<model::Recipient>>> find_return_path(model::RecipientQuestion question,
                                                                  std::string local,
                                                                  std::string domain);

  Task<void> mark_returned(model::Returned returned);

  Stores& stores_;
  OpenMailboxes& mailboxes_;
  const ReturnPaths& paths_;
  const TxtValues& txt_;
  queue::QueueStore& queue_;
  RecipientVerification& verification_;
};

}  // namespace fwd::door

#endif
