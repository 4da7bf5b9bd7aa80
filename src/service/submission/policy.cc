// Who may send, and as whom.
#include "service/submission/policy.h"

#include <memory>
#include <utility>

#include "format/domain_name.h"
#include "service/submission/transaction.h"

namespace fwd::submission {
namespace {

// "*@example.test" is a sender, too, and no mailbox that could be parsed.
std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == address.npos) return {};
  auto ascii = format::domain_to_ascii(address.substr(at + 1));
  return ascii.ok() ? std::move(ascii).value() : std::string();
}

}  // namespace

SubmissionPolicy::SubmissionPolicy(const SubmissionContext& context)
    : context_(context), keeper_(context.submission) {}

SubmissionPolicy::SubmissionPolicy(const SubmissionContext& context, LocalUser local)
    : context_(context), local_(std::move(local)), keeper_(context.submission) {}

Task<smtp::Reply> SubmissionPolicy::on_connect(const smtp::Peer& peer) {
  keeper_.set_context({"smtp", peer.address.ip, peer.session});
  if (!local_) co_return smtp::Reply{220, "", ""};
  auto asking = keeper_.let_local(local_->uid, local_->name);
  const auto let = co_await asking;
  if (let.ok()) {
    context_.recorder.note_login(peer, "uid " + std::to_string(local_->uid),
                                 keeper_.session()->sender());
    co_return smtp::Reply{220, "", ""};
  }
  const Failure& failure = let.failure();
  context_.recorder.note_failed_login(peer, "uid " + std::to_string(local_->uid), failure);
  // A refusal without a word is between our daemons, as with submit_reply().
  const bool for_good = failure.fault == Fault::kBadLogin ||
                        ((failure.fault == Fault::kDenied || failure.fault == Fault::kCannot) &&
                         !failure.public_text.empty());
  const std::string text =
      failure.public_text.empty() ? "Programs of this user may not send now" : failure.public_text;
  co_return for_good ? smtp::Reply{554, "5.7.1", text} : smtp::Reply{421, "4.3.0", text};
}

smtp::Offers SubmissionPolicy::offers(const smtp::Peer&) const {
  smtp::Offers offers;
  offers.login = !local_;
  offers.dsn = true;
  offers.require_tls = true;
  offers.hold = context_.options.hold;
  return offers;
}

sasl::Keeper* SubmissionPolicy::keeper(const smtp::Peer&) { return &keeper_; }

void SubmissionPolicy::on_login(const smtp::Peer& peer, std::string_view mechanism,
                                const Failure* failure) {
  if (failure != nullptr)
    context_.recorder.note_failed_login(peer, mechanism, *failure);
  else
    context_.recorder.note_login(peer, mechanism, keeper_.session()->sender());
}

// Said early; the keeper decides again, and of local programs it alone.
std::optional<smtp::Reply> SubmissionPolicy::judge_sender(const smtp::Mail& mail) const {
  if (local_ || mail.sender.null) return std::nullopt;
  const std::string own = domain_of(keeper_.session()->sender().address);
  if (mail.sender.address.domain == own) return std::nullopt;
  return smtp::Reply{550, "5.7.1", "You may send from addresses of " + own + " only"};
}

Task<smtp::Admission> SubmissionPolicy::on_mail(const smtp::Peer& peer, smtp::Mail mail) {
  smtp::Admission admission;
  const auto refusal = judge_sender(mail);
  if (refusal) {
    admission.reply = *refusal;
    context_.recorder.note(peer, mail, keeper_.session()->sender(),
                           {"submission.refused", "", *refusal, "envelope sender", 0, ""});
    co_return admission;
  }
  auto transaction = std::make_unique<SubmissionTransaction>(context_, keeper_.session(), peer,
                                                             std::move(mail), local_);
  auto beginning = transaction->begin();
  const auto begun = co_await beginning;
  admission.reply = begun.value_or(smtp::Reply{250, "2.1.0", "Ok"});
  if (!begun) admission.transaction = std::move(transaction);
  co_return admission;
}

}  // namespace fwd::submission
