#ifndef FWD_SERVICE_INBOUND_CHECKS_H
#define FWD_SERVICE_INBOUND_CHECKS_H

// What a whole message must pass before it is stored: one list, one order, and
// the first that refuses decides, so that the same message always gets the
// same answer.

#include <memory>
#include <optional>
#include <string>

#include "core/task.h"
#include "mailauth/spf/spf.h"
#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/goals.h"
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
  std::shared_ptr<const std::string> content;
  const Goals& goals;
  std::optional<mailauth::SpfResult> spf{};  // when it was asked for before
};

// Asks the DNS and the scanners, then runs the list (in checks.cc) from top to
// bottom.  All of it is looked at, so that the findings tell the whole story;
// but where the cheap refuse the costly are not asked any more.
Task<Judgement> judge_message(const InboundContext& context, const MessageFacts& facts);

}  // namespace fwd::service

#endif
