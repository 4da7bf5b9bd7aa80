#ifndef FWD_SERVICE_INBOUND_FORWARDING_H
#define FWD_SERVICE_INBOUND_FORWARDING_H

// Hands a message to the queue for destinations elsewhere, and learns what they
// said while its sender still waits.

#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "model/forwarding.h"
#include "service/inbound/context.h"
#include "service/inbound/goals.h"
#include "service/inbound/storing.h"

namespace fwd::service {

// One recipient's message, as far as it came.
struct Onward {
  const ForwardGoal* goal;
  model::Forwarded forwarded;
};

// What the queue is given for one goal.  `number`: of the goal, from 0; makes
// the queue's id: the log's id of the message, ".1" and so on behind it.
model::NewForward make_forward(const InboundContext& context, const Judged& message,
                               const ForwardGoal& goal, std::size_t number);

class Forwards {
 public:
  // Keeps references.
  Forwards(const InboundContext& context, const Judged& message)
      : context_(context), message_(message) {}

  // Hands over all goals: then each is durable, and tried at once.  On failure
  // some are with the queue: settle() them.  A return path whose last credit was
  // spent since RCPT is not among all().
  Task<Outcome<void>> hand_over();
  // Until every destination was tried, or InboundOptions::forward_wait is over.
  // A door that is away meanwhile only ends the waiting.
  Task<void> wait();
  // A failure means that the door will keep them, at its limit.
  Task<Outcome<void>> settle(model::SettleForward how);

  const std::vector<Onward>& all() const { return all_; }

 private:
  const InboundContext& context_;
  const Judged& message_;
  std::vector<Onward> all_;  // in the goals' order
};

}  // namespace fwd::service

#endif
