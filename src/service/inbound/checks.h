#ifndef FWD_SERVICE_INBOUND_CHECKS_H
#define FWD_SERVICE_INBOUND_CHECKS_H

// What a whole message must pass before it is stored: one list, one order, and
// the first that refuses decides, so that the same message always gets the
// same answer.

#include <string_view>

#include "core/task.h"
#include "protocol/smtp/policy.h"
#include "service/inbound/header_scan.h"
#include "service/inbound/judgement.h"
#include "service/inbound/options.h"

namespace fwd::service {

// All that a check may look at; lives until the checks are done.
struct MessageFacts {
  const smtp::Peer& peer;
  const smtp::Mail& mail;
  const InboundOptions& options;
  const HeaderScan& header;
  std::string_view content;
};

// Runs the list (in checks.cc) from top to bottom; the first that refuses ends it.
Task<Judgement> judge_message(const MessageFacts& facts);

}  // namespace fwd::service

#endif
