#ifndef FWD_SERVICE_DELIVERY_ISSUE_MAIL_H
#define FWD_SERVICE_DELIVERY_ISSUE_MAIL_H

// The mail to those who look after an address, when what it forwards to has
// refused a message for good.  Unlike the sender they may know where it leads.

#include <chrono>
#include <cstdint>
#include <string>

#include "model/outbound.h"

namespace fwd::delivery {

struct Issue {
  std::string domain;        // it comes from mailer-daemon@domain
  std::string unique;        // letters and digits, for Message-ID
  std::string shown;         // the address that was written to
  std::string alias;         // that names the destination; "" for a TXT record
  std::string destination;   // in words
  std::string sender;        // of the envelope
  std::string message;       // our id of it
  std::int64_t arrived = 0;  // milliseconds since 1970, as all times here
  std::int64_t now = 0;
  model::AttemptResult result;
  std::chrono::milliseconds repeat{};  // nothing more is told for so long
};

// Without an envelope sender, as nothing is to answer it (RFC 3834 §3.3).
model::NewOutbound write_issue(const Issue& issue, const std::string& to);

}  // namespace fwd::delivery

#endif
