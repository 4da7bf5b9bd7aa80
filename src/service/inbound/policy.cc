// Who may talk and who may send: everybody, so far.
#include "service/inbound/policy.h"

#include <memory>
#include <utility>

#include "service/inbound/transaction.h"

namespace fwd::service {

InboundPolicy::InboundPolicy(const InboundContext& context)
    : context_(context),
      recorder_(context.journal, context.clock, context.log, context.options),
      unsettled_(context.state, context.clock, context.log),
      vacations_(context_, recorder_) {}

Task<void> InboundPolicy::wait_written() {
  co_await vacations_.wait_sent();
  co_await recorder_.wait_written();
  co_await unsettled_.wait_written();
}

Task<smtp::Reply> InboundPolicy::on_connect(const smtp::Peer&) {
  co_return smtp::Reply{220, "", ""};
}

Task<smtp::Admission> InboundPolicy::on_mail(const smtp::Peer& peer, smtp::Mail mail) {
  smtp::Admission admission;
  admission.transaction = std::make_unique<InboundTransaction>(context_, recorder_, unsettled_,
                                                               vacations_, peer, std::move(mail));
  admission.reply = {250, "2.1.0", "Ok"};
  co_return admission;
}

}  // namespace fwd::service
