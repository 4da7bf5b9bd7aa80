#ifndef FWD_BIN_SENDMAIL_DIALOGUE_H
#define FWD_BIN_SENDMAIL_DIALOGUE_H

// Gives one message to fwd-smtpd over its local socket.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bin/sendmail/arguments.h"
#include "core/clock.h"
#include "core/stream.h"
#include "core/task.h"
#include "net/loop.h"

namespace fwd::sendmail {

struct Submission {
  std::string socket;
  std::string sender;                   // "" for the null sender; may lack a domain
  std::vector<std::string> recipients;  // one without a domain is the server's postmaster
  std::string content;
  std::uint8_t notify = model::kNotifyUnsaid;
  model::ReturnContent returns = model::ReturnContent::kUnsaid;
  std::string envelope_id;
};

struct Verdict {
  int status = 0;                  // of sysexits(3)
  std::vector<std::string> words;  // what went wrong, a line each
};

// How the server is reached, and how long.
struct Surroundings {
  Clock& clock;
  std::function<Task<Outcome<std::unique_ptr<Stream>>>()> connect;
  // A server that is away or puts us off is asked again after growing pauses,
  // while this time lasts: cron keeps no mail.
  std::chrono::milliseconds patience;
};

// Recipients that were taken, refused for good, or perhaps taken are not tried
// again.  All must outlive the task.
Task<void> submit_patiently(const Surroundings& around, const Submission& submission,
                            Verdict& verdict);

// The same over the submission's socket.  Runs `loop` until it is done.
Verdict submit(net::Loop& loop, Submission submission, std::chrono::milliseconds patience);

}  // namespace fwd::sendmail

#endif
