// Writes to senders what came of their messages.
#include <utility>

#include "core/text.h"
#include "format/delivery_report.h"
#include "model/masked_words.h"
#include "model/notice.h"
#include "service/delivery/report.h"

namespace fwd::delivery {
namespace {

using Kind = RecipientVerdict::Kind;
using format::ReportAction;

bool wants(std::uint8_t notify, model::Notify what) {
  if ((notify & model::kNotifyNever) != 0) return false;
  if (notify == model::kNotifyUnsaid) return what != model::kNotifySuccess;  // RFC 3461 §4.1
  return (notify & what) != 0;
}

// What the sender is to be told of one recipient; nothing mostly.
std::optional<ReportAction> action_for(const DeliveryOptions& options, const model::Claim& claim,
                                       const RecipientVerdict& verdict,
                                       const model::OutboundRecipient& recipient,
                                       const model::RecipientReport& report, std::int64_t now) {
  // Strangers hear that a forward failed, when it is sure who they are; nothing else.
  if (report.is_untold) return std::nullopt;
  if (claim.message.is_forward) {
    const bool is_told = claim.facts.may_report && report.state == model::RecipientState::kFailed;
    return is_told ? std::optional(ReportAction::kFailed) : std::nullopt;
  }
  switch (report.state) {
    case model::RecipientState::kFailed:
      if (wants(recipient.notify, model::kNotifyFailure)) return ReportAction::kFailed;
      break;
    case model::RecipientState::kDelivered:
      if (!wants(recipient.notify, model::kNotifySuccess)) break;
      if (verdict.is_local) return ReportAction::kDelivered;
      if (verdict.result.was_relayed) return ReportAction::kRelayed;
      break;
    case model::RecipientState::kWaiting:
      if (recipient.delay_told || !wants(recipient.notify, model::kNotifyDelay)) break;
      if (now - begin_of(claim.message) >= options.delay_notice.count())
        return ReportAction::kDelayed;
      break;
  }
  return std::nullopt;
}

format::ReportedRecipient reported(const DeliveryOptions& options, const model::Claim& claim,
                                   const model::OutboundRecipient& recipient,
                                   const model::RecipientReport& report, ReportAction action) {
  format::ReportedRecipient out;
  if (claim.message.is_forward) {
    model::MaskedWords words = model::masked_words(recipient, report.result, claim.facts.shown);
    out.original = "rfc822;" + claim.facts.shown;
    out.address = claim.facts.shown;
    out.action = action;
    out.status = report.result.status;
    out.response = std::move(words.text);
    out.from_remote = words.from_remote;
    out.last_attempt = report.result.time / 1000;
    return out;
  }
  out.original = recipient.original;
  out.address = recipient.address;
  out.action = action;
  out.status = report.result.status;
  out.remote_mta = report.result.mx;
  out.response = report.result.response;
  out.from_remote = report.result.from_remote;
  out.last_attempt = report.result.time / 1000;
  if (action == ReportAction::kDelayed)
    out.will_retry_until = expiry_of(options, claim.message) / 1000;
  return out;
}

// Whose people tell of it: of the address that was written to, not where that led.
std::string teller(const DeliveryOptions& options, const model::Claim& claim) {
  const std::string& shown = claim.facts.shown;
  if (claim.message.is_forward && shown.find('@') != std::string::npos)
    return shown.substr(shown.rfind('@') + 1);
  return claim.domain.empty() ? options.host : claim.domain;
}

model::NewOutbound notice(const DeliveryContext& context, const DeliveryOptions& options,
                          const model::Claim& claim, const ReturnedContent& content,
                          std::int64_t now, std::vector<format::ReportedRecipient> recipients) {
  format::DeliveryReport report;
  report.domain = teller(options, claim);
  report.reporting_mta = options.host;
  report.unique = context.new_id();
  report.to = claim.message.envelope_from;
  report.date = now / 1000;
  report.arrival_date = claim.message.created / 1000;
  report.envelope_id = claim.message.envelope_id;
  report.message_id = claim.message.message_id;
  report.recipients = std::move(recipients);
  report.returned = content.octets;
  report.returns_whole = content.is_whole;
  model::NewOutbound out = model::make_notice(report);
  out.require_tls = claim.message.require_tls;  // RFC 8689 §5
  return out;
}

}  // namespace

bool returns_whole(const DeliveryOptions& options, const model::Claim& claim) {
  // Whole messages only to those of the domain that sent it, so that nobody
  // has us carry content to strangers.
  const std::size_t at = claim.message.envelope_from.rfind('@');
  const bool is_own = !claim.message.is_forward && at != std::string::npos &&
                      same_word(claim.message.envelope_from.substr(at + 1), claim.domain);
  return is_own && claim.message.returns == model::ReturnContent::kFull &&
         claim.message.size <= options.returned_content &&
         claim.message.body != model::BodyKind::kBinaryMime && !claim.message.require_tls;
}

bool needs_notices(const DeliveryOptions& options, const model::Claim& claim,
                   const AttemptOutcome& outcome, const model::Report& report, std::int64_t now) {
  if (claim.message.envelope_from.empty()) return false;
  for (std::size_t i = 0; i < report.recipients.size(); ++i)
    if (action_for(options, claim, outcome.recipients[i], claim.message.recipients[i],
                   report.recipients[i], now))
      return true;
  return false;
}

// One notice for each kind of news, so that its words fit all it names.
void add_notices(const DeliveryContext& context, const DeliveryOptions& options,
                 const model::Claim& claim, const AttemptOutcome& outcome,
                 const ReturnedContent& content, std::int64_t now, model::Report& report) {
  if (claim.message.envelope_from.empty()) return;
  for (const ReportAction action : {ReportAction::kFailed, ReportAction::kDelayed,
                                    ReportAction::kDelivered, ReportAction::kRelayed}) {
    std::vector<format::ReportedRecipient> recipients;
    for (std::size_t i = 0; i < report.recipients.size(); ++i) {
      const model::OutboundRecipient& recipient = claim.message.recipients[i];
      model::RecipientReport& one = report.recipients[i];
      const auto wanted = action_for(options, claim, outcome.recipients[i], recipient, one, now);
      if (wanted != action) continue;
      // A forward's are all the one address that is shown.
      if (claim.message.is_forward && !recipients.empty()) continue;
      recipients.push_back(reported(options, claim, recipient, one, action));
      if (action == ReportAction::kDelayed) one.delay_told = true;
    }
    if (recipients.empty()) continue;
    report.notices.push_back(notice(context, options, claim, content, now, std::move(recipients)));
  }
}

}  // namespace fwd::delivery
