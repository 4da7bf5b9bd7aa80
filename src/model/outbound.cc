// The names of an outbound message's states.
#include "model/outbound.h"

namespace fwd::model {

std::string_view outbound_state_name(OutboundState state) {
  switch (state) {
    case OutboundState::kPending:
      return "pending";
    case OutboundState::kQueued:
      return "queued";
    case OutboundState::kDeferred:
      return "deferred";
    case OutboundState::kSent:
      return "sent";
    case OutboundState::kPartiallySent:
      return "partially_sent";
    case OutboundState::kBounced:
      return "bounced";
    case OutboundState::kRejected:
      return "rejected";
  }
  return "";
}

bool is_final(OutboundState state) { return state >= OutboundState::kSent; }

}  // namespace fwd::model
