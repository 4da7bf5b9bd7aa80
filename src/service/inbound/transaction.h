#ifndef FWD_SERVICE_INBOUND_TRANSACTION_H
#define FWD_SERVICE_INBOUND_TRANSACTION_H

// One message on its way from a peer: recipients decided, content judged, then
// stored, sent on and answered.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/forwarding.h"
#include "service/inbound/gate.h"
#include "service/inbound/recipients.h"
#include "service/inbound/recorder.h"
#include "service/inbound/unsettled.h"
#include "service/inbound/vacation.h"

namespace fwd::service {

class InboundTransaction final : public smtp::Transaction {
 public:
  InboundTransaction(const InboundContext& context, Recorder& recorder, Unsettled& unsettled,
                     Gate& gate, Vacations& vacations, const smtp::Peer& peer, smtp::Mail mail)
      : context_(context),
        recorder_(recorder),
        unsettled_(unsettled),
        gate_(gate),
        vacations_(vacations),
        peer_(peer),
        mail_(std::move(mail)),
        recipients_(context_, recorder, peer_, mail_) {}

  Task<smtp::Reply> on_recipient(smtp::Recipient named) override;
  Task<smtp::Reply> on_message(std::string content) override;

 private:
  // One recipient that the gate does not let through.
  smtp::Reply stop(const Gate::Stop& stop, const std::string& recipient,
                   const std::string& domain_id);
  // The same words for every recipient.
  void note_all(std::string_view event, const smtp::Reply& reply, const std::string& reason,
                std::uint64_t size);
  // What each destination said.
  void note_forwards(const Forwards& forwards, const smtp::Reply& reply, std::uint64_t size);
  // What comes to return paths is read before it goes on; a reply when nobody is left.
  Task<std::optional<smtp::Reply>> look_back(const Judged& message);
  void note_refused(const smtp::Reply& reply, const std::string& recipient,
                    const std::string& domain_id, const std::string& reason, std::uint64_t size);
  // To the goals of a message that was let in; gives the answer and tells log and journal.
  Task<smtp::Reply> carry(const Judged& message);
  Task<smtp::Reply> answer(const Judged& message);
  // Notes who was asked and has answered.
  Task<Outcome<void>> confirm(const Judged& message);
  Task<smtp::Reply> give_up(Forwards& forwards, const Failure& failure, smtp::Reply reply,
                            std::uint64_t size);

  InboundContext context_;
  Recorder& recorder_;
  Unsettled& unsettled_;
  Gate& gate_;
  Vacations& vacations_;
  const smtp::Peer& peer_;
  smtp::Mail mail_;
  Recipients recipients_;
  bool was_let_in_ = false;   // by the gate, at the first recipient
  Gate::Answer must_wait_{};  // what it said then
  std::optional<mailauth::SpfResult> spf_{};
};

}  // namespace fwd::service

#endif
