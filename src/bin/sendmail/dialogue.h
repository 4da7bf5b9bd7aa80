#ifndef FWD_BIN_SENDMAIL_DIALOGUE_H
#define FWD_BIN_SENDMAIL_DIALOGUE_H

// Gives one message to fwd-smtpd over its local socket.

#include <string>
#include <vector>

#include "bin/sendmail/arguments.h"
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

// Runs `loop` until it is done.
Verdict submit(net::Loop& loop, Submission submission);

}  // namespace fwd::sendmail

#endif
