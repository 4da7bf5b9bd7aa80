#ifndef FWD_SERVICE_SUBMISSION_OPTIONS_H
#define FWD_SERVICE_SUBMISSION_OPTIONS_H

// What the operator sets about mail that people send.

#include <chrono>
#include <cstddef>
#include <string>

namespace fwd::submission {

struct SubmissionOptions {
  // Who gets mail for <Postmaster> without a domain; empty: as fwd-mxd decides.
  std::string postmaster;
  std::size_t received = 25;  // Received lines before we call it a loop (RFC 5321 §6.3)
  // How far ahead mail may be scheduled, by Date or by FUTURERELEASE.
  std::chrono::seconds hold = std::chrono::hours(30 * 24);
  std::string version;  // told in X-Forward-Email-Version
};

}  // namespace fwd::submission

#endif
