#ifndef FWD_SERVICE_INBOUND_TRANSACTION_H
#define FWD_SERVICE_INBOUND_TRANSACTION_H

// One message on its way from a peer: recipients decided, content judged, then
// stored, sent on and answered.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/forwarding.h"
#include "service/inbound/recipients.h"
#include "service/inbound/recorder.h"
#include "service/inbound/unsettled.h"
#include "service/inbound/vacation.h"

namespace fwd::service {

class InboundTransaction final : public smtp::Transaction {
 public:
  InboundTransaction(const InboundContext& context, Recorder& recorder, Unsettled& unsettled,
                     Vacations& vacations, const smtp::Peer& peer, smtp::Mail mail)
      : context_(context),
        recorder_(recorder),
        unsettled_(unsettled),
        vacations_(vacations),
        peer_(peer),
        mail_(std::move(mail)),
        recipients_(context_, recorder, peer_, mail_) {}

  Task<smtp::Reply> on_recipient(smtp::Recipient named) override {
    return recipients_.add(std::move(named));
  }
  Task<smtp::Reply> on_message(std::string content) override;

 private:
  // The same words for every recipient.
  void note_all(std::string_view event, const smtp::Reply& reply, const std::string& reason,
                std::uint64_t size);
  // What each destination said.
  void note_forwards(const Forwards& forwards, const smtp::Reply& reply, std::uint64_t size);
  // To the goals of a message that was let in; gives the answer and tells log and journal.
  Task<smtp::Reply> carry(const Judged& message);
  // Notes who was asked and has answered.
  Task<void> confirm(const Judged& message);
  Task<smtp::Reply> give_up(Forwards& forwards, const Failure& failure, smtp::Reply reply,
                            std::uint64_t size);

  InboundContext context_;
  Recorder& recorder_;
  Unsettled& unsettled_;
  Vacations& vacations_;
  const smtp::Peer& peer_;
  smtp::Mail mail_;
  Recipients recipients_;
};

}  // namespace fwd::service

#endif
