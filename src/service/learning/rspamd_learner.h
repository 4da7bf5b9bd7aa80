#ifndef FWD_SERVICE_LEARNING_RSPAMD_LEARNER_H
#define FWD_SERVICE_LEARNING_RSPAMD_LEARNER_H

// The learner whose teacher is the controller of rspamd, from the options.

#include <memory>

#include "config/options.h"
#include "core/log.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "scan/local_names.h"
#include "service/learning/junk_learner.h"

namespace fwd::learning {

class RspamdLearner {
 public:
  // Keeps references.  Learns nothing until configured.
  RspamdLearner(net::Loop& loop, Log& log, imap::MemoryBudget& memory);

  // Today's options, also after a reload.  On a failure all stays as it was:
  // kBadInput, kUnavailable (the private text says what is wrong).
  Outcome<void> configure(const config::Options& options);

  // Null when nothing is to be learned.
  imap::FilingObserver* observer() { return is_on_ ? &learner_ : nullptr; }
  Task<void> settle(std::chrono::milliseconds most) { return learner_.settle(most); }

 private:
  net::Loop& loop_;
  scan::LocalNames names_;
  std::unique_ptr<net::HttpClient> http_;  // set when first needed
  JunkLearner learner_;                    // asks http_, so it goes first
  bool is_on_ = false;
};

}  // namespace fwd::learning

#endif
