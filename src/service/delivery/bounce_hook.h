#ifndef FWD_SERVICE_DELIVERY_BOUNCE_HOOK_H
#define FWD_SERVICE_DELIVERY_BOUNCE_HOOK_H

// What a domain's bounce webhook is told of each failed attempt.

#include <string>
#include <string_view>

#include "service/delivery/context.h"

namespace fwd::delivery {

// The post for one recipient's failed attempt: JSON, with X-Webhook-Signature
// (HMAC-SHA256 of the body by the domain's key, in hex) when there is a key.
// `header`: the message's.
HttpPost bounce_post(const model::BounceHook& hook, const model::Claim& claim,
                     const model::OutboundRecipient& recipient, const model::AttemptResult& result,
                     bool is_final, std::string_view header);

}  // namespace fwd::delivery

#endif
