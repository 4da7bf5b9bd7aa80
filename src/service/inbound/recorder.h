#ifndef FWD_SERVICE_INBOUND_RECORDER_H
#define FWD_SERVICE_INBOUND_RECORDER_H

// Tells log and journal what became of a message.  The journal is written
// behind the sender's back: mail never waits for it nor depends on it.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "core/task_group.h"
#include "model/journal.h"
#include "protocol/smtp/policy.h"
#include "service/inbound/options.h"

namespace fwd::service {

class Recorder {
 public:
  // Keeps references.
  Recorder(model::Journal& journal, Clock& clock, Log& log, const InboundOptions& options);

  // One event about one recipient: to the log, and to the journal when it
  // belongs to a domain of ours.
  struct Fate {
    // "mx.delivered", "mx.forwarded", "mx.forward.failed", "mx.ignored", "mx.refused",
    // "mx.deferred", "mx.sender.denied", "mx.vacation.sent", "mx.vacation.skipped",
    // "mx.confirmed", "mx.confirm.skipped"
    std::string_view event;
    std::string recipient;  // as the peer wrote it; empty: the whole message
    std::string domain_id;
    std::string alias_id;
    smtp::Reply reply;             // code 0: the sender was told nothing of it
    std::string reason;            // for the operator, private text; may be empty
    std::uint64_t size = 0;        // octets, when content came
    std::vector<LogField> more{};  // of this event, for the domain's people, too
    LogLevel level = LogLevel::kInfo;
    // The recipient's own, when its mail is led on through other domains: their
    // journal has the event without `more`, as where others lead is not theirs to know.
    std::string asked_domain_id{}, asked_alias_id{};
  };
  void note(const smtp::Peer& peer, const smtp::Mail& mail, const Fate& fate);

  // One event about the whole message: to the log once, and to the journal for each of
  // the domains.
  void note_for(const smtp::Peer& peer, const smtp::Mail& mail, Fate fate,
                const std::vector<std::string>& domain_ids);

  // How a message was judged, as "mx.checked": to the log, and to the journal for
  // each of the domains.
  struct Check {
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<std::string> domain_ids;
  };
  void note_check(const smtp::Peer& peer, const smtp::Mail& mail, Check check);

  // Of a peer who is sent away before there is a recipient: to the log, and to the journal
  // for the operator.
  void note_peer(const smtp::Peer& peer, const smtp::Mail& mail, const smtp::Reply& reply,
                 const std::string& reason, bool to_journal);

  // To the journal, with the time of now.
  void keep(model::JournalEntry entry);

  // Returns once everything noted was written or given up (shutting down).
  Task<void> wait_written() { return writing_.wait_empty(); }

 private:
  // All but `more`.
  std::vector<LogField> fields_of(const smtp::Peer& peer, const smtp::Mail& mail,
                                  const Fate& fate) const;
  void keep_fate(const smtp::Mail& mail, const Fate& fate, const std::string& domain_id,
                 const std::string& alias_id, const std::vector<LogField>& fields);
  static Task<void> write(model::Journal& journal, Log& log, model::JournalEntry entry);

  model::Journal& journal_;
  Clock& clock_;
  Log& log_;
  const InboundOptions& options_;
  TaskGroup writing_;
};

}  // namespace fwd::service

#endif
