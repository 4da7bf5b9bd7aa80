#ifndef FWD_SERVICE_INBOUND_GATE_H
#define FWD_SERVICE_INBOUND_GATE_H

// Who gets as far as sending a message: lists of senders at the greeting and at
// MAIL, rates at MAIL and RCPT, the greylist at the first recipient that there
// is.  One for all sessions.
//
//   greeting   lists, by the address            554 or 450
//   MAIL       rate of messages                 421
//              lists, by address and sender     550 or 450
//   RCPT       rates of recipients              421
//              greylist, once a transaction     450
//
// Neighbours and whom a list lets in wait for nobody.  What cannot be known yet,
// names that only a message or the DNS can prove, is asked with the content; so is who
// is denied by what was learned, while the operator lets in anybody by name.

#include <optional>
#include <string>

#include "core/task.h"
#include "mailauth/spf/spf.h"
#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/denials.h"
#include "service/inbound/greylist.h"
#include "service/inbound/rates.h"
#include "service/inbound/sender_check.h"

namespace fwd::service {

class Gate {
 public:
  // Without the context's sender_lists and protection everybody passes.
  Gate(const InboundContext& context, Recorder& recorder);

  struct Stop {
    smtp::Reply reply;
    std::string_view check;  // that decided
    std::string why;         // for the log
  };
  using Answer = std::optional<Stop>;  // nothing: go on

  Task<Answer> on_connect(const smtp::Peer& peer);
  Task<Answer> on_mail(const smtp::Peer& peer, const smtp::Mail& mail);
  Answer on_recipient(const smtp::Peer& peer);
  void note_unknown_recipient(const smtp::Peer& peer);
  // Whether one more refusal of this peer may be in the journal.
  bool may_journal(const smtp::Peer& peer);
  // `spf` is set to what was asked for.
  Task<Answer> on_first_recipient(const smtp::Peer& peer, const smtp::Mail& mail,
                                  std::optional<mailauth::SpfResult>& spf);

  // After a message was answered, not with 4xx: whom to stop the next time.
  void learn(const smtp::Peer& peer, const smtp::Mail& mail, const Goals& goals,
             const Judgement& judgement) {
    denials_.consider(peer, mail, goals, judgement);
  }
  Task<void> wait_learned() { return denials_.wait_counted(); }

 private:
  bool is_open(const smtp::Peer& peer) const;
  Task<Answer> ask_lists(SenderFacts facts, Moment moment);

  InboundContext context_;
  Rates rates_;
  Greylist greylist_;
  Denials denials_;
};

}  // namespace fwd::service

#endif
