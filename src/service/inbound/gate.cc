// Stops who is denied, too fast, or unknown.
#include "service/inbound/gate.h"

#include <utility>

#include "net/socket_address.h"
#include "service/inbound/evidence.h"
#include "service/inbound/sender_check.h"

namespace fwd::service {
namespace {

// As long as SPF wants (RFC 7208 §4.6.4).
constexpr std::chrono::seconds kSpfLimit{20};

Gate::Answer stop_of(const RateVerdict& verdict) {
  if (!verdict.refusal) return std::nullopt;
  return Gate::Stop{*verdict.refusal, "rates", verdict.finding.why};
}

}  // namespace

Gate::Gate(const InboundContext& context, Recorder& recorder)
    : context_(context),
      rates_(context.clock),
      greylist_(context.state, context.clock),
      denials_(context_, recorder) {}

bool Gate::is_open(const smtp::Peer& peer) const {
  return context_.protection == nullptr || context_.sender_lists == nullptr ||
         is_neighbour(context_.options, peer.address.ip);
}

Task<Gate::Answer> Gate::ask_lists(SenderFacts facts, Moment moment) {
  auto& kept = *context_.sender_lists;
  const StaticLists& configured = context_.protection->lists;
  auto asking = check_sender(kept, configured, std::move(facts));
  const SenderVerdict verdict = co_await asking;
  if (verdict.decision.standing != Standing::kDenied) co_return std::nullopt;
  if (verdict.decision.is_learned) {
    // The operator's word goes before what was learned, and it is not known yet whether he
    // speaks of this one.
    auto naming = allows_names(kept, configured);
    const bool may_be_let_in = co_await naming;
    if (may_be_let_in) co_return std::nullopt;
  }
  co_return Stop{list_refusal(verdict, moment), "lists", verdict.finding.why};
}

Task<Gate::Answer> Gate::on_connect(const smtp::Peer& peer) {
  if (context_.protection == nullptr || context_.sender_lists == nullptr) co_return std::nullopt;
  SenderFacts facts;
  facts.ip = peer.address.ip;
  facts.is_neighbour = is_neighbour(context_.options, facts.ip);
  auto asking = ask_lists(std::move(facts), Moment::kGreeting);
  co_return co_await asking;
}

Task<Gate::Answer> Gate::on_mail(const smtp::Peer& peer, const smtp::Mail& mail) {
  if (is_open(peer)) co_return std::nullopt;
  rates_.set_options(context_.protection->rates);
  if (auto stop = stop_of(rates_.add_message(net::counting_key(peer.address)))) co_return stop;
  SenderFacts facts;
  facts.ip = peer.address.ip;
  facts.is_neighbour = is_neighbour(context_.options, facts.ip);
  if (!mail.sender.null) facts.sender = mail.sender.address;
  auto asking = ask_lists(std::move(facts), Moment::kMail);
  co_return co_await asking;
}

Gate::Answer Gate::on_recipient(const smtp::Peer& peer) {
  if (is_open(peer)) return std::nullopt;
  rates_.set_options(context_.protection->rates);
  return stop_of(rates_.add_recipient(net::counting_key(peer.address)));
}

void Gate::note_unknown_recipient(const smtp::Peer& peer) {
  if (!is_open(peer)) rates_.note_unknown(net::counting_key(peer.address));
}

bool Gate::may_journal(const smtp::Peer& peer) {
  if (context_.protection == nullptr) return false;
  rates_.set_options(context_.protection->rates);
  return rates_.may_journal(net::counting_key(peer.address));
}

Task<Gate::Answer> Gate::on_first_recipient(const smtp::Peer& peer, const smtp::Mail& mail,
                                            std::optional<mailauth::SpfResult>& spf) {
  if (is_open(peer) || context_.protection->greylist.delay.count() == 0) co_return std::nullopt;
  if (context_.resolver != nullptr) {
    auto bounded =
        before(context_.clock, context_.clock.now() + kSpfLimit, ask_spf_of(context_, peer, mail));
    spf = co_await bounded;
  }
  const bool is_proven = spf && spf->verdict == mailauth::SpfVerdict::kPass && !mail.sender.null;
  SenderFacts facts;
  facts.ip = peer.address.ip;
  facts.is_neighbour = is_neighbour(context_.options, facts.ip);
  if (!mail.sender.null) facts.sender = mail.sender.address;
  facts.sender_is_proven = is_proven;
  auto asking = check_sender(*context_.sender_lists, context_.protection->lists, std::move(facts));
  const SenderVerdict listed = co_await asking;
  if (listed.decision.standing == Standing::kAllowed) co_return std::nullopt;
  // Names below a domain cost nothing: each would be new.
  std::string proven = is_proven ? spf->domain : "";
  if (context_.suffixes != nullptr && is_proven)
    proven = context_.suffixes->organisational_domain(proven);
  GreylistQuestion question{peer.address.ip, mail.sender_text(), std::move(proven)};
  auto waiting = greylist_.ask(std::move(question), context_.protection->greylist);
  const GreylistAnswer answer = co_await waiting;
  if (!answer.refusal) co_return std::nullopt;
  co_return Stop{*answer.refusal, "greylist", answer.finding.why};
}

}  // namespace fwd::service
