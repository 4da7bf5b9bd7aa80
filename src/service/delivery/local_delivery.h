#ifndef FWD_SERVICE_DELIVERY_LOCAL_DELIVERY_H
#define FWD_SERVICE_DELIVERY_LOCAL_DELIVERY_H

// Delivery to mailboxes of our own domains, without a network.

#include <optional>

#include "service/delivery/context.h"
#include "service/delivery/prepared.h"

namespace fwd::delivery {

// Nothing when the destination is not ours.  A repeat is stored once: the
// door knows the message by its id, one from submission to IMAP, and gives
// each mailbox a single copy, as port 25 does.  `claim` must outlive the task.
Task<std::optional<AttemptOutcome>> deliver_locally(const DeliveryContext& context,
                                                    const DeliveryOptions& options,
                                                    Preparer& preparer, Gate& memory,
                                                    const model::Claim& claim);

}  // namespace fwd::delivery

#endif
