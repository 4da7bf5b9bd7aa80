#ifndef FWD_SERVICE_INBOUND_CONTEXT_H
#define FWD_SERVICE_INBOUND_CONTEXT_H

// What taking mail in stands on; all of it outlives every transaction.

#include <functional>

#include "core/clock.h"
#include "core/log.h"
#include "core/task.h"
#include "format/message_packer.h"
#include "mailauth/dmarc/organisational_domain.h"
#include "mailauth/signatures/message_verifier.h"
#include "model/deliveries.h"
#include "model/forwarding.h"
#include "model/journal.h"
#include "model/sender_lists.h"
#include "model/state.h"
#include "net/resolver.h"
#include "scan/verdicts.h"
#include "service/inbound/options.h"
#include "service/inbound/protection.h"

namespace fwd::service {

// Asks the scanners there are.
using ScanBy = std::function<Task<scan::ScanResult>(scan::ScanQuestion question)>;

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
  // Without these, or without the resolver, nobody is asked about senders.
  const mailauth::MessageVerifier* verifier = nullptr;
  const mailauth::SuffixList* suffixes = nullptr;
  ScanBy scan{};  // empty: there are no scanners
  // Without both nobody is let in or kept out by name, by rate, or for a while.
  model::SenderLists* sender_lists = nullptr;
  const Protection* protection = nullptr;
};

}  // namespace fwd::service

#endif
