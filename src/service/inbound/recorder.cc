// Writes the fate of messages.
#include "service/inbound/recorder.h"

#include <utility>
#include <vector>

#include "model/question_address.h"

namespace fwd::service {

Recorder::Recorder(model::Journal& journal, Clock& clock, Log& log, const InboundOptions& options)
    : journal_(journal),
      clock_(clock),
      log_(log),
      options_(options),
      writing_([&log](const std::string& name, const std::string& what) {
        log.error("mx.journal.failed", {{"task", name}, {"what", what}});
      }) {}

std::vector<LogField> Recorder::fields_of(const smtp::Peer& peer, const smtp::Mail& mail,
                                          const Fate& fate) const {
  std::vector<LogField> fields{{"s", peer.session},
                               {"message", mail.id},
                               {"peer", peer.address.ip},
                               {"from", mail.sender_text()}};
  if (fate.reply.code > 0) {
    fields.push_back({"code", std::to_string(fate.reply.code)});
    fields.push_back({"status", fate.reply.enhanced});
  }
  if (!fate.recipient.empty()) fields.push_back({"to", model::loggable_address(fate.recipient)});
  if (fate.size > 0) fields.push_back({"size", std::to_string(fate.size)});
  if (!fate.reason.empty()) fields.push_back({"reason", fate.reason});
  return fields;
}

void Recorder::keep_fate(const smtp::Mail& mail, const Fate& fate, const std::string& domain_id,
                         const std::string& alias_id, const std::vector<LogField>& fields) {
  model::JournalEntry entry;
  entry.event = fate.event;
  entry.message_id = mail.id;
  entry.domain_id = domain_id;
  entry.alias_id = alias_id;
  // The domain's people see what the sender saw, not our private reason.
  for (const LogField& field : fields)
    if (field.key != "s" && field.key != "message" && field.key != "reason")
      entry.fields.emplace(field.key, field.value);
  if (fate.reply.code > 0) entry.fields.emplace("reply", fate.reply.text);
  keep(std::move(entry));
}

void Recorder::note(const smtp::Peer& peer, const smtp::Mail& mail, const Fate& fate) {
  std::vector<LogField> fields = fields_of(peer, mail, fate);
  if (!fate.asked_domain_id.empty() && fate.asked_domain_id != fate.domain_id)
    keep_fate(mail, fate, fate.asked_domain_id, fate.asked_alias_id, fields);
  fields.insert(fields.end(), fate.more.begin(), fate.more.end());
  log_.event(fate.event, fields, fate.level);
  if (!fate.domain_id.empty()) keep_fate(mail, fate, fate.domain_id, fate.alias_id, fields);
}

void Recorder::note_for(const smtp::Peer& peer, const smtp::Mail& mail, Fate fate,
                        const std::vector<std::string>& domain_ids) {
  std::vector<LogField> fields = fields_of(peer, mail, fate);
  fields.insert(fields.end(), fate.more.begin(), fate.more.end());
  log_.event(fate.event, fields, fate.level);
  for (const std::string& domain_id : domain_ids)
    keep_fate(mail, fate, domain_id, fate.alias_id, fields);
}

void Recorder::note_check(const smtp::Peer& peer, const smtp::Mail& mail, Check check) {
  std::vector<LogField> fields{{"s", peer.session},
                               {"message", mail.id},
                               {"peer", peer.address.ip},
                               {"from", mail.sender_text()}};
  for (const auto& [key, value] : check.fields) fields.push_back({key, value});
  log_.event("mx.checked", fields, LogLevel::kInfo);
  for (std::string& domain_id : check.domain_ids) {
    model::JournalEntry entry;
    entry.event = "mx.checked";
    entry.message_id = mail.id;
    entry.domain_id = std::move(domain_id);
    entry.fields = {{"peer", peer.address.ip}, {"from", mail.sender_text()}};
    for (const auto& [key, value] : check.fields) entry.fields.emplace(key, value);
    keep(std::move(entry));
  }
}

void Recorder::note_peer(const smtp::Peer& peer, const smtp::Mail& mail, const smtp::Reply& reply,
                         const std::string& reason, bool to_journal) {
  std::vector<LogField> fields{{"peer", peer.address.ip},
                               {"code", std::to_string(reply.code)},
                               {"status", reply.enhanced},
                               {"reason", reason}};
  if (!mail.id.empty()) fields.push_back({"from", mail.sender_text()});
  model::JournalEntry entry;
  entry.event = reply.code < 500 ? "mx.deferred" : "mx.refused";
  entry.message_id = mail.id;
  for (const LogField& field : fields) entry.fields.emplace(field.key, field.value);
  entry.fields.emplace("reply", reply.text);
  fields.insert(fields.begin(), {"s", peer.session});
  if (!mail.id.empty()) fields.push_back({"message", mail.id});
  log_.event(entry.event, fields, LogLevel::kInfo);
  if (to_journal) keep(std::move(entry));
}

void Recorder::keep(model::JournalEntry entry) {
  if (writing_.size() >= options_.journal) {
    log_.warning("mx.journal.failed",
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
    log.warning("mx.journal.failed",
                {{"message", message}, {"what", written.failure().private_text}});
}

}  // namespace fwd::service
