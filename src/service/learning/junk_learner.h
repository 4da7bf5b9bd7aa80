#ifndef FWD_SERVICE_LEARNING_JUNK_LEARNER_H
#define FWD_SERVICE_LEARNING_JUNK_LEARNER_H

// Learns from what users put into Junk (spam) and take out of it (ham, unless
// it goes to Trash).  No command waits for it or fails by it.
//
//   COPY, MOVE ──filed()──> which folder is that? ──> waiting messages
//                                                         │ one at a time
//                                     content from the mailbox ──> the teacher
//
// What is under way belongs to the learner and not to the session: it keeps the
// login's mailbox, so that a client that moves and hangs up still teaches.  A
// message waits a minute at most, and when the teacher is away all that waits
// is dropped, so no login is kept for longer.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/log.h"
#include "core/task_group.h"
#include "protocol/imap/filing_observer.h"
#include "protocol/imap/limits.h"
#include "scan/rspamd.h"

namespace fwd::learning {

// As scan::Rspamd::learn(), but it keeps the content.
using Teacher =
    std::function<Task<Outcome<void>>(scan::Lesson, std::shared_ptr<const std::string>)>;

struct LearnerOptions {
  std::size_t most_waiting = 100;          // messages; more are dropped
  std::uint64_t size_limit = 20ULL << 20;  // octets; a longer message is not learned from
};

class JunkLearner final : public imap::FilingObserver {
 public:
  // Keeps references.  Logs imap.learned and imap.learn.failed.
  JunkLearner(Clock& clock, Log& log, imap::MemoryBudget& memory);

  void set(Teacher teacher, LearnerOptions options);
  void filed(const imap::Filing& filing) override;
  // Waits until nothing is under way, at most so long.
  Task<void> settle(std::chrono::milliseconds most);

 private:
  struct Whose {
    std::shared_ptr<model::Mailbox> mailbox;
    std::string session, alias_id;
  };
  struct Waiting {
    Whose whose;
    scan::Lesson lesson = scan::Lesson::kSpam;
    model::FolderId folder = 0;
    model::Uid uid = 0;
    Instant came;
  };
  Task<void> look(Whose whose, model::SpecialUse from, std::string to_path,
                  std::vector<model::Uid> uids, std::size_t left_out);
  Task<void> work();
  Task<Outcome<void>> learn(const Waiting& waiting);
  Task<Outcome<std::shared_ptr<const std::string>>> read(const Waiting& waiting,
                                                         imap::MemoryShare& memory);
  void note_failure(const Whose& whose, const char* lesson, const Failure& failure,
                    std::size_t dropped);

  Clock& clock_;
  Log& log_;
  imap::MemoryBudget& memory_;
  Teacher teacher_;
  LearnerOptions options_;
  std::size_t looking_ = 0;      // commands whose folder is being looked at
  std::deque<Waiting> waiting_;  // at most options_.most_waiting
  bool is_working_ = false;      // work() runs
  TaskGroup tasks_;
};

}  // namespace fwd::learning

#endif
