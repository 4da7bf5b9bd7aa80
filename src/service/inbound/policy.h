#ifndef FWD_SERVICE_INBOUND_POLICY_H
#define FWD_SERVICE_INBOUND_POLICY_H

// fwd-mxd's policy: takes mail for the mailboxes of this system, from anybody.
//
// How often at once from one address is the listener's business, who gets as far
// as sending that of gate.h; recipients are decided at RCPT, content by the list in checks.h,
// and success is said only when the door has stored the message for all.

#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/gate.h"
#include "service/inbound/recorder.h"
#include "service/inbound/unsettled.h"
#include "service/inbound/vacation.h"

namespace fwd::service {

class InboundPolicy final : public smtp::Policy {
 public:
  explicit InboundPolicy(const InboundContext& context);
  // Other scanners from the next message on; empty: none any more.
  void use_scanners(ScanBy scan) { context_.scan = std::move(scan); }

  Task<smtp::Reply> on_connect(const smtp::Peer& peer) override;
  Task<smtp::Admission> on_mail(const smtp::Peer& peer, smtp::Mail mail) override;

  // For shutting down: until journal and state have what was noted.
  Task<void> wait_written();

 private:
  InboundContext context_;
  Recorder recorder_;
  Unsettled unsettled_;
  Gate gate_;
  Vacations vacations_;
};

}  // namespace fwd::service

#endif
