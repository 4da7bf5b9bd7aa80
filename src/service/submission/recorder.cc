// Writes who sent what.
#include "service/submission/recorder.h"

#include <utility>
#include <vector>

namespace fwd::submission {
namespace {

// Entries under way; more are dropped, and the log says so.
constexpr std::size_t kMostUnderWay = 1000;

}  // namespace

std::string_view refusal_event(const smtp::Reply& reply) {
  return reply.code < 500 ? "submission.deferred" : "submission.refused";
}

Recorder::Recorder(model::Journal& journal, Clock& clock, Log& log)
    : journal_(journal),
      clock_(clock),
      log_(log),
      writing_([&log](const std::string& name, const std::string& what) {
        log.error("submission.journal.failed", {{"task", name}, {"what", what}});
      }) {}

void Recorder::note_login(const smtp::Peer& peer, std::string_view mechanism,
                          const model::Sender& sender) {
  log_.event("submission.login", {{"s", peer.session},
                                  {"peer", peer.address.ip},
                                  {"address", sender.address},
                                  {"alias", sender.alias_id},
                                  {"mechanism", std::string(mechanism)}});
}

void Recorder::note_failed_login(const smtp::Peer& peer, std::string_view mechanism,
                                 const Failure& failure) {
  log_.warning("submission.login.failed", {{"s", peer.session},
                                           {"peer", peer.address.ip},
                                           {"mechanism", std::string(mechanism)},
                                           {"fault", fault_name(failure.fault)},
                                           {"what", failure.private_text}});
}

void Recorder::note(const smtp::Peer& peer, const smtp::Mail& mail, const model::Sender& sender,
                    const Fate& fate) {
  std::vector<LogField> fields{{"s", peer.session},
                               {"message", fate.queue_id.empty() ? mail.id : fate.queue_id},
                               {"peer", peer.address.ip},
                               {"sender", sender.address},
                               {"from", mail.sender_text()},
                               {"code", std::to_string(fate.reply.code)},
                               {"status", fate.reply.enhanced}};
  if (!fate.recipient.empty()) fields.push_back({"to", fate.recipient});
  if (fate.size > 0) fields.push_back({"size", std::to_string(fate.size)});
  if (!fate.reason.empty()) fields.push_back({"reason", fate.reason});
  log_.event(fate.event, fields, LogLevel::kInfo);
  if (sender.domain_id.empty()) return;
  if (writing_.size() >= kMostUnderWay) {
    log_.warning("submission.journal.failed",
                 {{"message", mail.id}, {"what", "too many under way"}});
    return;
  }
  model::JournalEntry entry;
  entry.time_ms = unix_milliseconds(clock_.wall());
  entry.event = fate.event;
  entry.message_id = fields[1].value;
  entry.domain_id = sender.domain_id;
  entry.alias_id = sender.alias_id;
  for (auto& field : fields)
    if (field.key != "s" && field.key != "message" && field.key != "reason")
      entry.fields.emplace(field.key, std::move(field.value));
  entry.fields.emplace("reply", fate.reply.text);
  writing_.spawn("journal", write(journal_, log_, std::move(entry)));
}

Task<void> Recorder::write(model::Journal& journal, Log& log, model::JournalEntry entry) {
  const std::string message = entry.message_id;
  auto writing = journal.write(std::move(entry));
  const auto written = co_await writing;
  if (!written.ok())
    log.warning("submission.journal.failed",
                {{"message", message}, {"what", written.failure().private_text}});
}

}  // namespace fwd::submission
