// Writes down attempts.
#include "service/delivery/recorder.h"

#include <utility>

#include "format/web_address.h"
#include "model/question_address.h"

namespace fwd::delivery {
namespace {

// Entries under way; more are dropped, and the log says so.
constexpr std::size_t kMostUnderWay = 1000;

constexpr std::string_view kForwardFailed = "forward.failed";
constexpr std::string_view kIssueTold = "forward.issue.told";
constexpr std::string_view kHookFailed = "smtp.delivery.hook.failed";

// A webhook's URL may be secret.
std::string place_of(const model::OutboundRecipient& recipient) {
  return recipient.kind == model::DestinationKind::kWebhook
             ? format::webhook_label(recipient.address)
             : model::loggable_address(recipient.address);
}

model::JournalEntry entry_of(const model::Claim& claim, std::string_view event) {
  model::JournalEntry entry;
  entry.event = event;
  entry.message_id = claim.message.id;
  entry.domain_id = claim.message.domain_id;
  entry.alias_id = claim.message.alias_id;
  return entry;
}

// Of a destination: for the people of the alias that names it.
model::JournalEntry entry_of(const model::Claim& claim, std::string_view event,
                             const model::OutboundRecipient& recipient) {
  model::JournalEntry entry = entry_of(claim, event);
  if (!recipient.alias_id.empty()) entry.alias_id = recipient.alias_id;
  return entry;
}

std::string_view event_of(model::RecipientState state) {
  switch (state) {
    case model::RecipientState::kDelivered:
      return "smtp.delivery.sent";
    case model::RecipientState::kFailed:
      return "smtp.delivery.failed";
    case model::RecipientState::kWaiting:
      break;
  }
  return "smtp.delivery.deferred";
}

}  // namespace

Recorder::Recorder(model::Journal& journal, Clock& clock, Log& log)
    : journal_(journal),
      clock_(clock),
      log_(log),
      writing_([&log](const std::string& name, const std::string& what) {
        log.error("smtp.delivery.journal.failed", {{"task", name}, {"what", what}});
      }) {}

void Recorder::note(const model::Claim& claim, const model::OutboundRecipient& recipient,
                    const model::RecipientReport& report) {
  const model::AttemptResult& result = report.result;
  if (claim.message.is_forward && report.state == model::RecipientState::kFailed &&
      !report.is_untold)
    note_forward_failed(claim, recipient, result);
  if (claim.is_telling) return;  // of what was noted when it happened
  tell(claim, recipient, event_of(report.state),
       {{"message", claim.message.id},
        {"from", claim.message.envelope_from},
        {"to", place_of(recipient)},
        {"code", std::to_string(result.code)},
        {"status", result.status},
        {"mx", result.mx},
        {"ip", result.ip},
        {"tls", result.tls.empty() ? "no" : result.tls},
        {"attempt", std::to_string(recipient.attempts + 1)},
        {"ms", std::to_string(result.duration_ms)},
        {"reply", result.response}});
}

// For the alias's people, who set where it leads: they learn what the sender does not.
void Recorder::note_forward_failed(const model::Claim& claim,
                                   const model::OutboundRecipient& recipient,
                                   const model::AttemptResult& result) {
  tell(claim, recipient, kForwardFailed,
       {{"message", claim.message.id},
        {"from", claim.message.envelope_from},
        {"shown", claim.facts.shown},
        {"to", place_of(recipient)},
        {"code", std::to_string(result.code)},
        {"status", result.status},
        {"mx", result.mx},
        {"reply", result.response}});
}

void Recorder::note_issue_told(const model::Claim& claim, const model::OutboundRecipient& failed,
                               const std::vector<model::NewOutbound>& mails) {
  for (const model::NewOutbound& mail : mails) {
    const std::string& told = mail.recipients.at(0).address;
    tell(claim, failed, kIssueTold,
         {{"message", claim.message.id},
          {"to", place_of(failed)},
          {"told", told},
          {"queue", mail.id}});
  }
}

void Recorder::note_issue_skipped(const model::Claim& claim, const model::OutboundRecipient& failed,
                                  const std::string& why) {
  log_.event("forward.issue.skipped",
             {{"message", claim.message.id}, {"to", place_of(failed)}, {"why", why}},
             LogLevel::kDebug);
}

void Recorder::note_issue_failed(const model::Claim& claim, const std::string& what) {
  log_.warning(
      "forward.issue.failed",
      {{"message", claim.message.id}, {"domain", claim.message.domain_id}, {"what", what}});
}

void Recorder::note_hook_failed(const model::Claim& claim, const std::string& what) {
  log_.warning(
      kHookFailed,
      {{"message", claim.message.id}, {"domain", claim.message.domain_id}, {"what", what}});
  model::JournalEntry entry = entry_of(claim, kHookFailed);
  entry.fields.emplace("what", what);
  keep(std::move(entry));
}

void Recorder::tell(const model::Claim& claim, const model::OutboundRecipient& recipient,
                    std::string_view event, std::vector<LogField> fields) {
  log_.event(event, fields, LogLevel::kInfo);
  model::JournalEntry entry = entry_of(claim, event, recipient);
  for (auto& field : fields)
    if (field.key != "message") entry.fields.emplace(field.key, std::move(field.value));
  keep(std::move(entry));
}

void Recorder::keep(model::JournalEntry entry) {
  if (entry.domain_id.empty()) return;
  if (writing_.size() >= kMostUnderWay) {
    log_.warning("smtp.delivery.journal.failed",
                 {{"message", entry.message_id}, {"what", "too many under way"}});
    return;
  }
  entry.time_ms = unix_milliseconds(clock_.wall());
  writing_.spawn("journal", write(journal_, log_, std::move(entry)));
}

Task<void> Recorder::write(model::Journal& journal, Log& log, model::JournalEntry entry) {
  const std::string message = entry.message_id;
  const auto written = co_await journal.write(std::move(entry));
  if (!written.ok())
    log.warning("smtp.delivery.journal.failed",
                {{"message", message}, {"what", written.failure().private_text}});
}

}  // namespace fwd::delivery
