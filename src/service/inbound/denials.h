#ifndef FWD_SERVICE_INBOUND_DENIALS_H
#define FWD_SERVICE_INBOUND_DENIALS_H

// Denials: who is proven to send viruses or spam is denied for a while.
//
//   verdict --> answered, and not 4xx --> who is proven? --> counted for a day
//           --> enough, and more than there is good mail? --> denied --> log, journal
//
//   proven                                           counted as
//   MAIL FROM, by SPF                                its address, its organisation
//   From that is proven, and SPF says that its       its address, its organisation
//   domain sent it; for a virus any proof will do
//   nobody                                           the peer's address, or its /64
//
// A verdict on spam may come of the way that a message took, and who has a signed message
// may send it on any way (RFC 6376 §8.6): so a signature alone proves nobody who sent
// spam, and such a message is held against nobody.  What a virus is stays what it is.  One of
// another name in the author's organisation is no proof either, unless DMARC says so.
//
// A message counts once a day for each, known by its proven author and by its body
// without white space, which nobody can vary and keep the proof.  The address goes first:
// a few verdicts deny it.  A whole organisation or host takes more.  Nobody is denied
// who has sent as many good messages in the time that a denial lasts; every message
// without offence is held in favour of the host that brought it, whoever is proven.
// A domain in which strangers have addresses, and the recipient's own, are never
// denied whole.  Whom a list lets in, and neighbours, are not counted.
//
// What is counted is in rooms of its own in the state (model::kRooms), and each
// network around a peer adds only so many new entries a day.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/task_group.h"
#include "mailauth/dmarc/organisational_domain.h"
#include "service/inbound/checks.h"
#include "service/inbound/context.h"
#include "service/inbound/judgement.h"
#include "service/inbound/recorder.h"

namespace fwd::service {

struct Evidence;

// What is known when a message is judged; `shared` are domains that are not
// denied whole.  Without `suffixes` no domain is.
Accused find_accused(const MessageFacts& facts, const Evidence& evidence,
                     const std::vector<std::string>& shared, const mailauth::SuffixList* suffixes);

class Denials {
 public:
  // Keeps references.
  Denials(const InboundContext& context, Recorder& recorder);

  // Counts behind the sender's back, of a message that was answered for good: who is
  // told 4xx brings it again.  Keeps nothing of what it is given.
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
  Task<Outcome<void>> praise(const Case& of, const Accused::One& one);
  // Not seen before today.
  Task<Outcome<bool>> is_new(const Case& of, const Accused::One& one);
  // Whether the network around the peer may add one entry more today.
  Task<Outcome<bool>> has_room(const Case& of, std::string_view kind);
  Task<Outcome<bool>> is_enough(const Case& of, const Accused::One& one);
  Task<Outcome<void>> deny(const Case& of, const Accused::One& one);

  const InboundContext& context_;
  Recorder& recorder_;
  TaskGroup counting_;
};

}  // namespace fwd::service

#endif
