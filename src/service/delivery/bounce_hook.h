#ifndef FWD_SERVICE_DELIVERY_BOUNCE_HOOK_H
#define FWD_SERVICE_DELIVERY_BOUNCE_HOOK_H

// What a domain's bounce webhook is told of each failed attempt.

#include <memory>
#include <string>
#include <string_view>

#include "core/task_group.h"
#include "service/delivery/context.h"
#include "service/delivery/prepared.h"
#include "service/delivery/recorder.h"

namespace fwd::delivery {

// The post for one recipient's failed attempt: JSON, with X-Webhook-Signature
// (HMAC-SHA256 of the body by the domain's key, in hex) when there is a key.
// `header`: the message's.
HttpPost bounce_post(const model::BounceHook& hook, const model::Claim& claim,
                     const model::OutboundRecipient& recipient, const model::AttemptResult& result,
                     bool is_final, std::string_view header);

// Posts them, beside all else: nobody waits for a webhook.
class BounceHooks {
 public:
  // All must outlive it; the posts run in `tasks`.
  BounceHooks(const DeliveryContext& context, Recorder& recorder, TaskGroup& tasks)
      : context_(context), recorder_(recorder), tasks_(tasks) {}
  // A post for each recipient of `report` that has not got the message, if it is mail
  // that a domain of ours sends and the domain has a webhook.  `message`: null if it
  // was not read.
  void tell(const model::Claim& claim, const model::Report& report,
            std::shared_ptr<const Prepared> message);

 private:
  static Task<void> post(BounceHooks& hooks, model::Claim claim, model::Report report,
                         std::shared_ptr<const Prepared> message);

  const DeliveryContext& context_;
  Recorder& recorder_;
  TaskGroup& tasks_;
};

}  // namespace fwd::delivery

#endif
