#ifndef FWD_SERVICE_DELIVERY_WEBHOOK_ATTEMPT_H
#define FWD_SERVICE_DELIVERY_WEBHOOK_ATTEMPT_H

// One attempt to post a message to a webhook, a destination of a forward.

#include "service/delivery/context.h"
#include "service/delivery/prepared.h"

namespace fwd::delivery {

// Every recipient of the claim is kWebhook; its address is the URL, which may hold
// secrets and so stands in no result.  `claim` must outlive the task.
Task<AttemptOutcome> post_webhook(const DeliveryContext& context, const DeliveryOptions& options,
                                  Preparer& preparer, Gate& memory, const model::Claim& claim);

}  // namespace fwd::delivery

#endif
