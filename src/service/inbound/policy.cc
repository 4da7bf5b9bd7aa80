// Who may talk and who may send.
#include "service/inbound/policy.h"

#include <memory>
#include <utility>

#include "service/inbound/transaction.h"

namespace fwd::service {

InboundPolicy::InboundPolicy(const InboundContext& context)
    : context_(context),
      recorder_(context.journal, context.clock, context.log, context.options),
      unsettled_(context.state, context.clock, context.log),
      gate_(context, recorder_),
      vacations_(context_, recorder_) {}

Task<void> InboundPolicy::wait_written() {
  co_await vacations_.wait_sent();
  co_await gate_.wait_learned();
  co_await recorder_.wait_written();
  co_await unsettled_.wait_written();
}

Task<smtp::Reply> InboundPolicy::on_connect(const smtp::Peer& peer) {
  auto asking = gate_.on_connect(peer);
  const Gate::Answer stop = co_await asking;
  if (!stop) co_return smtp::Reply{220, "", ""};
  const std::string why = std::string(stop->check) + ": " + stop->why;
  recorder_.note_peer(peer, {}, stop->reply, why, gate_.may_journal(peer));
  co_return stop->reply;
}

Task<smtp::Admission> InboundPolicy::on_mail(const smtp::Peer& peer, smtp::Mail mail) {
  smtp::Admission admission;
  auto asking = gate_.on_mail(peer, mail);
  const Gate::Answer stop = co_await asking;
  if (stop) {
    const std::string why = std::string(stop->check) + ": " + stop->why;
    recorder_.note_peer(peer, mail, stop->reply, why, gate_.may_journal(peer));
    admission.reply = stop->reply;
    co_return admission;
  }
  admission.transaction = std::make_unique<InboundTransaction>(
      context_, recorder_, unsettled_, gate_, vacations_, peer, std::move(mail));
  admission.reply = {250, "2.1.0", "Ok"};
  co_return admission;
}

}  // namespace fwd::service
