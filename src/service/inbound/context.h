#ifndef FWD_SERVICE_INBOUND_CONTEXT_H
#define FWD_SERVICE_INBOUND_CONTEXT_H

// What taking mail in stands on; all of it outlives every transaction.

#include "core/clock.h"
#include "core/log.h"
#include "format/message_packer.h"
#include "model/deliveries.h"
#include "model/forwarding.h"
#include "model/journal.h"
#include "model/state.h"
#include "net/resolver.h"
#include "service/inbound/options.h"

namespace fwd::service {

struct InboundContext {
  model::Deliveries& deliveries;
  model::Journal& journal;
  model::State& state;
  Clock& clock;
  Log& log;
  format::MessagePacker& packer;
  const InboundOptions& options;
  model::Forwarding* forwarding = nullptr;  // null: what leads elsewhere is answered 4xx
  net::Resolver* resolver = nullptr;        // null: domains that are told by the DNS must wait
};

}  // namespace fwd::service

#endif
