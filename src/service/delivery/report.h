#ifndef FWD_SERVICE_DELIVERY_REPORT_H
#define FWD_SERVICE_DELIVERY_REPORT_H

// From what an attempt came to, to what the queue and the sender are told.
// Pure but for chance and new ids.

#include <string>

#include "service/delivery/context.h"

namespace fwd::delivery {

// What is decided without an attempt: the same words of ours for all of a claim.
AttemptOutcome settle_all(const model::Claim& claim, RecipientVerdict::Kind kind,
                          std::uint16_t code, const char* status, const char* words,
                          std::int64_t now);
// Likewise: what was decided while the sender of a forward waited.
AttemptOutcome failed_before(const model::Claim& claim);

// Decides for each recipient: done, failed, or again and when.  Turns what is
// tried for too long into a failure (5.4.7).  `now`: milliseconds since 1970.
model::Report make_report(const DeliveryContext& context, const DeliveryOptions& options,
                          const model::Claim& claim, const AttemptOutcome& outcome,
                          std::int64_t now);

// What the sender is told of it, as NOTIFY asks (RFC 3461 §5.2): failures,
// delays once, successes that nobody else will confirm.  None to a null sender.
// Marks in `report` who was told of a delay.  `content`: the message, or its
// header when RET says so or it is long.
struct ReturnedContent {
  std::string octets;
  bool is_whole = false;
};
void add_notices(const DeliveryContext& context, const DeliveryOptions& options,
                 const model::Claim& claim, const AttemptOutcome& outcome,
                 const ReturnedContent& content, std::int64_t now, model::Report& report);
// False when add_notices() would add none, so that nobody need read the content.
bool needs_notices(const DeliveryOptions& options, const model::Claim& claim,
                   const AttemptOutcome& outcome, const model::Report& report, std::int64_t now);
// Whether the whole message is to be given back.
bool returns_whole(const DeliveryOptions& options, const model::Claim& claim);

// From when on a message could be delivered: its arrival, or the hour it was told
// to wait for; in milliseconds since 1970.
std::int64_t begin_of(const model::Outbound& message);
// The end of a message's time, in milliseconds since 1970.
std::int64_t expiry_of(const DeliveryOptions& options, const model::Outbound& message);

}  // namespace fwd::delivery

#endif
