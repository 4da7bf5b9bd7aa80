#ifndef FWD_SERVICE_INBOUND_STORING_H
#define FWD_SERVICE_INBOUND_STORING_H

// Puts a message that was let in into mailboxes, with its trace lines.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/goals.h"
#include "service/inbound/header_scan.h"
#include "service/inbound/judgement.h"
#include "service/inbound/unsettled.h"

namespace fwd::service {

// A message whose checks are done; refers to what outlives its storing and forwarding.
struct Judged {
  const smtp::Peer& peer;
  const smtp::Mail& mail;
  const HeaderScan& header;
  const std::string& content;  // as it came
  const Judgement& judgement;
  const Goals& goals;
  const std::string& print;  // message_print(); "" when it has none
};

// X-Original-To (unless there is one), what the judgement adds, and Received.
std::string trace_lines(const InboundContext& context, const Judged& message,
                        std::string_view recipient);

// `content` without the fields at `dropped` (RFC 5321 §4.4: the one who makes
// final delivery removes Return-Path), behind `prefix`, our lines.
std::string assemble(const std::string& prefix, const HeaderScan::Places& dropped,
                     std::string_view content);

// kOverQuota: the message is longer than the fullest mailbox takes.
Outcome<void> check_room(const Judged& message);

// Stores for all of the goals' mailboxes.  One answer for all recipients: when
// the fullest mailbox cannot take the message nobody gets it yet, since SMTP has
// one reply for the whole content.  Where some have it before another fails,
// the next try repeats its delivery ids: the print, which is the same at each
// try, or for a message without one what Unsettled remembers.
Task<Outcome<void>> store(const InboundContext& context, Unsettled& unsettled,
                          const Judged& message);

}  // namespace fwd::service

#endif
