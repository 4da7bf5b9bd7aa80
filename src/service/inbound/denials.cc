// Counts verdicts, and denies.
#include "service/inbound/denials.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "net/socket_address.h"
#include "service/inbound/evidence.h"

namespace fwd::service {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kMostUnderWay = 200;
constexpr std::size_t kKeyOctets = 16;

std::string_view word_of(Offence offence) {
  return offence == Offence::kVirus ? "virus" : offence == Offence::kSpam ? "spam" : "good";
}

// Bounded, and no addresses lie about.
std::string key_of(std::string_view kind, std::string_view value) {
  return "verdicts." + std::string(kind) + ':' + to_hex(crypto::blake2b(kKeyOctets, value));
}
// Of addresses by offence; of what is whole all together.
std::string counter_of(const Accused& accused, const Accused::One& one) {
  return key_of(one.is_whole ? "bad" : word_of(accused.offence), one.value);
}

bool is_at_or_below(std::string_view name, std::string_view above) {
  return name == above || (name.size() > above.size() && name.ends_with(above) &&
                           name[name.size() - above.size() - 1] == '.');
}

bool is_shared(const MessageFacts& facts, const std::vector<std::string>& shared,
               const std::string& domain) {
  const auto holds = [&](const std::string& one) { return is_at_or_below(domain, one); };
  if (domain.find('.') == std::string::npos || domain.starts_with('[')) return true;
  return std::any_of(shared.begin(), shared.end(), holds) ||
         std::any_of(facts.goals.addresses.begin(), facts.goals.addresses.end(),
                     [&](const std::string& address) {
                       const std::size_t at = address.rfind('@');
                       return at != std::string::npos && same_word(address.substr(at + 1), domain);
                     });
}

void accuse(Accused& accused, Accused::One one) {
  auto& all = accused.all;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& other) { return other.value == one.value; });
  if (found == all.end())
    all.push_back(std::move(one));
  else if (one.signature.empty())
    found->signature.clear();
}

// The signature that proves the author, when nothing else does.
std::string proving_signature(const Evidence& evidence) {
  std::string least;
  if (evidence.spf_is_aligned || !evidence.dkim) return least;
  for (const mailauth::DkimResult& one : *evidence.dkim)
    if (one.verdict == mailauth::DkimVerdict::kPass)
      if (least.empty() || one.signature_start < least) least = one.signature_start;
  return least;
}

Offence offence_of(const Evidence& evidence) {
  if (!evidence.scan) return Offence::kNone;
  const auto& virus = evidence.scan->virus;
  const auto& spam = evidence.scan->spam;
  if (virus && virus->kind == scan::VirusVerdict::Kind::kFound) return Offence::kVirus;
  return spam && spam->action == scan::SpamAction::kReject ? Offence::kSpam : Offence::kNone;
}

// Nobody is counted who is let in, or of whom that could not be asked.
bool may_be_counted(const MessageFacts& facts, const Evidence& evidence) {
  return evidence.scan && evidence.was_asked && evidence.listed &&
         evidence.listed->decision.standing != Standing::kAllowed &&
         !evidence.listed->ask_again() && !is_neighbour(facts.options, facts.peer.address.ip);
}

}  // namespace

Accused find_accused(const MessageFacts& facts, const Evidence& evidence,
                     const std::vector<std::string>& shared) {
  Accused accused;
  if (!may_be_counted(facts, evidence)) return accused;
  accused.offence = offence_of(evidence);
  accused.is_counted =
      accused.offence != Offence::kNone ||
      (evidence.scan->spam && evidence.scan->spam->action == scan::SpamAction::kNone);
  const auto add = [&](format::Address address, const std::string& signature) {
    address.local = to_lower(address.user());
    accuse(accused, {address.text(), signature, false});
    if (!is_shared(facts, shared, address.domain))
      accuse(accused, {address.domain, signature, true});
  };
  if (evidence.sender_is_proven() && !facts.mail.sender.null) add(facts.mail.sender.address, "");
  const auto author = find_author(*facts.content);
  if (evidence.author_is_proven() && author) add(*author, proving_signature(evidence));
  const bool may_be_proven = evidence.sender_may_be_proven() || evidence.author_may_be_proven();
  if (accused.all.empty() && !may_be_proven)
    accused.all.push_back({net::counting_key(facts.peer.address), "", true});
  return accused;
}

Denials::Denials(const InboundContext& context, Recorder& recorder)
    : context_(context),
      recorder_(recorder),
      counting_([&context](const std::string& name, const std::string& what) {
        context.log.error("mx.denial.failed", {{"task", name}, {"what", what}});
      }) {}

void Denials::consider(const smtp::Peer& peer, const smtp::Mail& mail, const Goals& goals,
                       const Judgement& judgement) {
  if (context_.protection == nullptr || context_.sender_lists == nullptr) return;
  const Accused& accused = judgement.accused;
  if (!accused.is_counted || context_.protection->denials.time.count() == 0) return;
  if (accused.offence == Offence::kNone && (judgement.is_junk || judgement.refusal)) return;
  // A flood is not counted to its end.
  if (accused.all.empty() || counting_.size() >= kMostUnderWay) return;
  Case of{peer, mail, accused, goals.domain_ids, context_.protection->denials};
  counting_.spawn("denials", count(*this, std::move(of)));
}

Task<void> Denials::count(Denials& denials, Case of) {
  for (const Accused::One& one : of.accused.all) {
    auto counting = denials.count_one(of, one);
    const Outcome<void> counted = co_await counting;
    if (counted.ok()) continue;
    const Failure& failure = counted.failure();
    denials.context_.log.warning(
        "mx.denial.failed",
        {{"message", of.mail.id},
         {"value", one.value},
         {"what", failure.private_text.empty() ? failure.public_text : failure.private_text}});
  }
}

Task<Outcome<void>> Denials::count_one(const Case& of, const Accused::One& one) {
  if (of.accused.offence == Offence::kNone) {
    if (!one.is_whole) co_return Outcome<void>{};
    auto praising = context_.state.add(key_of("good", one.value), 1, of.options.time);
    const auto praised = co_await praising;
    if (!praised.ok()) co_return praised.failure();
    co_return Outcome<void>{};
  }
  if (!one.signature.empty()) {
    const std::string seen = key_of("seen", one.value + '\n' + one.signature);
    auto noting = context_.state.add(seen, 1, of.options.time);
    const auto noted = co_await noting;
    if (!noted.ok()) co_return noted.failure();
    if (noted.value().value > 1) co_return Outcome<void>{};
  }
  auto asking = is_enough(of, one);
  const Outcome<bool> enough = co_await asking;
  if (!enough.ok()) co_return enough.failure();
  if (!enough.value()) co_return Outcome<void>{};
  auto denying = deny(of, one);
  co_return co_await denying;
}

Task<Outcome<bool>> Denials::is_enough(const Case& of, const Accused::One& one) {
  const DenialOptions& options = of.options;
  const std::uint64_t most = one.is_whole                            ? options.others
                             : of.accused.offence == Offence::kVirus ? options.viruses
                                                                     : options.spam;
  auto counting = context_.state.add(counter_of(of.accused, one), 1, kDay);
  const auto count = co_await counting;
  if (!count.ok()) co_return count.failure();
  if (most == 0 || count.value().value < most) co_return false;
  if (!one.is_whole) co_return true;
  auto praising = context_.state.add(key_of("good", one.value), 0, options.time);
  const auto good = co_await praising;
  if (!good.ok()) co_return good.failure();
  co_return count.value().value > good.value().value;
}

Task<Outcome<void>> Denials::deny(const Case& of, const Accused::One& one) {
  model::ListedSender entry;
  entry.kind = model::ListKind::kDeny;
  entry.value = one.value;
  entry.is_learned = true;
  const std::string why(one.is_whole                            ? "spam or viruses"
                        : of.accused.offence == Offence::kVirus ? "viruses"
                                                                : "spam");
  entry.reason = why + " within a day, the last in message " + of.mail.id;
  const std::int64_t lasts = std::chrono::milliseconds(of.options.time).count();
  entry.expires = unix_milliseconds(context_.clock.wall()) + lasts;
  auto putting = context_.sender_lists->put_listed(std::move(entry));
  const Outcome<model::ListedSender> put = co_await putting;
  if (!put.ok()) co_return put.failure();
  // The operator said so before.
  if (!put.value().is_learned) co_return Outcome<void>{};
  // So that one message more, after the operator has ended it, does not begin it again.
  auto forgetting = context_.state.remove(counter_of(of.accused, one));
  static_cast<void>(co_await forgetting);
  Recorder::Fate fate{"mx.sender.denied", "", "", "", {}, "", 0};
  fate.level = LogLevel::kWarning;
  fate.more = {{"value", put.value().value},
               {"why", why},
               {"until", std::to_string(put.value().expires / 1000)}};
  recorder_.note_for(of.peer, of.mail, std::move(fate), of.domain_ids);
  co_return Outcome<void>{};
}

}  // namespace fwd::service
