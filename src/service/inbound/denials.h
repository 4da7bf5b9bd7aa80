#ifndef FWD_SERVICE_INBOUND_DENIALS_H
#define FWD_SERVICE_INBOUND_DENIALS_H

// Denials: who is proven to send viruses or spam is denied for a while.
//
//   verdict --> who is proven? --> counted for a day --> enough? --> denied --> log, journal
//
//   proven                                counted as
//   MAIL FROM, by SPF                     its address, its domain
//   From, by DMARC or a good signature    its address, its domain
//   nobody                                the peer's address, or its /64
//
// The address goes first: a few verdicts deny it.  A whole domain or host takes
// more, and more than it has sent of good mail in the time that a denial lasts; a
// domain in which strangers have addresses, and the recipient's own, are never
// denied whole.  Nobody can have another denied: a name must be proven, and a message that
// only its signature proves, which anybody may send again, counts once.  Whom a
// list lets in, and neighbours, are not counted.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/task_group.h"
#include "service/inbound/checks.h"
#include "service/inbound/context.h"
#include "service/inbound/judgement.h"
#include "service/inbound/recorder.h"

namespace fwd::service {

struct Evidence;

// What is known when a message is judged; `shared` are domains that are not
// denied whole.
Accused find_accused(const MessageFacts& facts, const Evidence& evidence,
                     const std::vector<std::string>& shared);

class Denials {
 public:
  // Keeps references.
  Denials(const InboundContext& context, Recorder& recorder);

  // Counts behind the sender's back; keeps nothing of what it is given.
  void consider(const smtp::Peer& peer, const smtp::Mail& mail, const Goals& goals,
                const Judgement& judgement);
  // Returns once all is counted or given up (shutting down).
  Task<void> wait_counted() { return counting_.wait_empty(); }

 private:
  struct Case {
    smtp::Peer peer;  // its session and address
    smtp::Mail mail;
    Accused accused;
    std::vector<std::string> domain_ids;
    DenialOptions options;
  };
  static Task<void> count(Denials& denials, Case of);
  Task<Outcome<void>> count_one(const Case& of, const Accused::One& one);
  Task<Outcome<bool>> is_enough(const Case& of, const Accused::One& one);
  Task<Outcome<void>> deny(const Case& of, const Accused::One& one);

  const InboundContext& context_;
  Recorder& recorder_;
  TaskGroup counting_;
};

}  // namespace fwd::service

#endif
