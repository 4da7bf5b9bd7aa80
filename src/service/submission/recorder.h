#ifndef FWD_SERVICE_SUBMISSION_RECORDER_H
#define FWD_SERVICE_SUBMISSION_RECORDER_H

// Tells log and journal who logged in and what became of what they sent.  The
// journal is written behind the sender's back: mail never depends on it.

#include <cstdint>
#include <string>

#include "core/clock.h"
#include "core/log.h"
#include "core/task_group.h"
#include "model/journal.h"
#include "model/submission.h"
#include "protocol/smtp/policy.h"

namespace fwd::submission {

class Recorder {
 public:
  Recorder(model::Journal& journal, Clock& clock, Log& log);

  void note_login(const smtp::Peer& peer, std::string_view mechanism, const model::Sender& sender);
  void note_failed_login(const smtp::Peer& peer, std::string_view mechanism,
                         const Failure& failure);

  struct Fate {
    std::string_view event;  // "submission.accepted", "submission.refused", "submission.deferred"
    std::string recipient;   // empty: the whole message
    smtp::Reply reply;
    std::string reason;  // for the operator; may be empty
    std::uint64_t size = 0;
    std::string queue_id;  // when accepted
  };
  void note(const smtp::Peer& peer, const smtp::Mail& mail, const model::Sender& sender,
            const Fate& fate);

  // Returns once everything noted was written or given up.
  Task<void> wait_written() { return writing_.wait_empty(); }

 private:
  static Task<void> write(model::Journal& journal, Log& log, model::JournalEntry entry);

  model::Journal& journal_;
  Clock& clock_;
  Log& log_;
  TaskGroup writing_;
};

// The event of a reply that does not accept.
std::string_view refusal_event(const smtp::Reply& reply);

}  // namespace fwd::submission

#endif
