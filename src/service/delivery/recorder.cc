// Writes down attempts.
#include "service/delivery/recorder.h"

#include <utility>

namespace fwd::delivery {
namespace {

// Entries under way; more are dropped, and the log says so.
constexpr std::size_t kMostUnderWay = 1000;

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
  std::vector<LogField> fields{{"message", claim.message.id},
                               {"from", claim.message.envelope_from},
                               {"to", recipient.address},
                               {"code", std::to_string(result.code)},
                               {"status", result.status},
                               {"mx", result.mx},
                               {"ip", result.ip},
                               {"tls", result.tls.empty() ? "no" : result.tls},
                               {"attempt", std::to_string(recipient.attempts + 1)},
                               {"ms", std::to_string(result.duration_ms)},
                               {"reply", result.response}};
  log_.event(event_of(report.state), fields, LogLevel::kInfo);
  if (claim.message.domain_id.empty()) return;
  if (writing_.size() >= kMostUnderWay) {
    log_.warning("smtp.delivery.journal.failed",
                 {{"message", claim.message.id}, {"what", "too many under way"}});
    return;
  }
  model::JournalEntry entry;
  entry.time_ms = unix_milliseconds(clock_.wall());
  entry.event = event_of(report.state);
  entry.message_id = claim.message.id;
  entry.domain_id = claim.message.domain_id;
  entry.alias_id = claim.message.alias_id;
  for (auto& field : fields)
    if (field.key != "message") entry.fields.emplace(field.key, std::move(field.value));
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
