// Refuses webhooks: nothing posts to them yet.
#include "service/delivery/webhook_attempt.h"

namespace fwd::delivery {

Task<AttemptOutcome> post_webhook(const DeliveryContext& context, const DeliveryOptions&, Preparer&,
                                  Gate&, const model::Claim& claim) {
  RecipientVerdict verdict;
  verdict.kind = RecipientVerdict::Kind::kPermanent;
  verdict.result.time = unix_milliseconds(context.clock.wall());
  verdict.result.code = 550;
  verdict.result.status = "5.3.0";
  verdict.result.response = "Webhooks are not delivered by this release";
  AttemptOutcome outcome;
  outcome.recipients.assign(claim.message.recipients.size(), verdict);
  co_return outcome;
}

}  // namespace fwd::delivery
