// Decides what is tried again and when.
#include "service/delivery/report.h"

#include <algorithm>
#include <utility>

#include "format/part_text.h"
#include "service/delivery/retry.h"

namespace fwd::delivery {
namespace {

using Kind = RecipientVerdict::Kind;

std::string span_text(std::int64_t milliseconds) {
  const std::int64_t hours = std::max<std::int64_t>(1, milliseconds / 3'600'000);
  if (hours < 48) return std::to_string(hours) + (hours == 1 ? " hour" : " hours");
  return std::to_string(hours / 24) + " days";
}

constexpr std::size_t kMostWords = 1000;  // octets
// A remote may ask for a longer pause than ours, in reason.
constexpr std::chrono::hours kLongestWish(1);

// 4xx to the end is 5.4.7 (RFC 3463 §3.5), with the last words behind ours: the
// sentence is no remote's any more.
void expire(const model::Outbound& message, std::int64_t now, model::AttemptResult& result) {
  result.response =
      "Tried for " + span_text(now - begin_of(message)) + ", without success: " + result.response;
  format::cut_utf8(result.response, kMostWords);
  result.from_remote = false;
  result.code = 554;
  result.status = "5.4.7";
}

model::DestinationReport destination_report(const DeliveryContext& context,
                                            const DeliveryOptions& options,
                                            const model::Claim& claim,
                                            const AttemptOutcome& outcome, std::int64_t now) {
  model::DestinationReport report;
  if (!outcome.blocked.empty()) {
    report.failures = claim.destination_failures + 1;
    report.paused_until = now + options.blocked_pause.count();
    report.reason = outcome.blocked;
  } else if (outcome.is_destination_down) {
    report.failures = claim.destination_failures + 1;
    report.paused_until =
        now + back_off(report.failures, options.first_retry, options.longest_pause, context.random)
                  .count();
    if (!outcome.recipients.empty()) report.reason = outcome.recipients[0].result.response;
  }
  return report;
}

}  // namespace

AttemptOutcome settle_all(const model::Claim& claim, RecipientVerdict::Kind kind,
                          std::uint16_t code, const char* status, const char* words,
                          std::int64_t now) {
  AttemptOutcome outcome;
  RecipientVerdict verdict;
  verdict.kind = kind;
  verdict.result.time = now;
  verdict.result.code = code;
  verdict.result.status = status;
  verdict.result.response = words;
  outcome.recipients.assign(claim.message.recipients.size(), verdict);
  return outcome;
}

AttemptOutcome failed_before(const model::Claim& claim) {
  AttemptOutcome outcome;
  for (const model::OutboundRecipient& recipient : claim.message.recipients) {
    RecipientVerdict& verdict = outcome.recipients.emplace_back();
    verdict.kind = RecipientVerdict::Kind::kPermanent;
    verdict.result = recipient.last;
  }
  return outcome;
}

std::int64_t begin_of(const model::Outbound& message) {
  return std::max(message.created, message.not_before);
}

std::int64_t expiry_of(const DeliveryOptions& options, const model::Outbound& message) {
  return message.expires > 0 ? message.expires : begin_of(message) + options.lifetime.count();
}

model::Report make_report(const DeliveryContext& context, const DeliveryOptions& options,
                          const model::Claim& claim, const AttemptOutcome& outcome,
                          std::int64_t now) {
  model::Report report;
  report.lease = claim.lease;
  report.message_id = claim.message.id;
  if (outcome.is_destination_down || outcome.is_destination_up || !outcome.blocked.empty()) {
    report.has_destination = true;
    report.destination_name = claim.destination;
    report.destination = destination_report(context, options, claim, outcome, now);
  }
  const std::int64_t expiry = expiry_of(options, claim.message);
  for (std::size_t i = 0; i < outcome.recipients.size(); ++i) {
    const model::OutboundRecipient& recipient = claim.message.recipients[i];
    const RecipientVerdict& verdict = outcome.recipients[i];
    model::RecipientReport one;
    one.number = recipient.number;
    one.result = verdict.result;
    if (verdict.kind == Kind::kDelivered) {
      one.state = model::RecipientState::kDelivered;
    } else if (verdict.kind == Kind::kPermanent) {
      one.state = model::RecipientState::kFailed;
    } else if (now >= expiry) {
      one.state = model::RecipientState::kFailed;
      expire(claim.message, now, one.result);
    } else {
      one.state = model::RecipientState::kWaiting;
      const auto pause = back_off(recipient.attempts + 1, options.first_retry,
                                  options.longest_retry, context.random);
      one.next_attempt = std::max(now + pause.count(), report.destination.paused_until);
      one.next_attempt = std::max(
          one.next_attempt, now + std::min(verdict.not_before, milliseconds(kLongestWish)).count());
      // The last attempt is made at the end, not a day before it.
      one.next_attempt = std::min(one.next_attempt, expiry);
    }
    // Its sender hears of it in his session; the queue asks for the notice later, if ever.
    one.is_untold = claim.in_session && one.state == model::RecipientState::kFailed;
    report.recipients.push_back(std::move(one));
  }
  return report;
}

}  // namespace fwd::delivery
