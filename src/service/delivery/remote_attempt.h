#ifndef FWD_SERVICE_DELIVERY_REMOTE_ATTEMPT_H
#define FWD_SERVICE_DELIVERY_REMOTE_ATTEMPT_H

// One attempt to give a message to its destination's servers: hosts in order,
// their addresses in order, one transaction for all recipients where the
// remote takes them.

#include "service/delivery/context.h"
#include "service/delivery/prepared.h"
#include "service/delivery/session_pool.h"

namespace fwd::delivery {

// `claim` and `message` must outlive the task.
Task<AttemptOutcome> deliver_remotely(const DeliveryContext& context,
                                      const DeliveryOptions& options, SessionPool& pool,
                                      const model::Claim& claim, const Prepared& message);

}  // namespace fwd::delivery

#endif
