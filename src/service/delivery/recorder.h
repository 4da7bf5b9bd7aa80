#ifndef FWD_SERVICE_DELIVERY_RECORDER_H
#define FWD_SERVICE_DELIVERY_RECORDER_H

// Tells the log and the journal what came of each recipient's attempt.

#include "core/task_group.h"
#include "service/delivery/context.h"

namespace fwd::delivery {

class Recorder {
 public:
  // They must outlive it.
  Recorder(model::Journal& journal, Clock& clock, Log& log);

  void note(const model::Claim& claim, const model::OutboundRecipient& recipient,
            const model::RecipientReport& report);
  // What those were told who look after the address that failed, or why not.
  void note_issue_told(const model::Claim& claim, const model::OutboundRecipient& failed,
                       const std::vector<model::NewOutbound>& mails);
  void note_issue_skipped(const model::Claim& claim, const model::OutboundRecipient& failed,
                          const std::string& why);
  void note_issue_failed(const model::Claim& claim, const std::string& what);
  // A bounce webhook that was not told.  Its URL is not named: it may hold a secret.
  void note_hook_failed(const model::Claim& claim, const std::string& what);
  // Returns once everything noted was written or given up.
  Task<void> wait_written() { return writing_.wait_empty(); }

 private:
  void note_forward_failed(const model::Claim& claim, const model::OutboundRecipient& recipient,
                           const model::AttemptResult& result);
  // In the log, and in the journal of the message's domain.
  void tell(const model::Claim& claim, const model::OutboundRecipient& recipient,
            std::string_view event, std::vector<LogField> fields);
  void keep(model::JournalEntry entry);
  static Task<void> write(model::Journal& journal, Log& log, model::JournalEntry entry);

  model::Journal& journal_;
  Clock& clock_;
  Log& log_;
  TaskGroup writing_;
};

}  // namespace fwd::delivery

#endif
