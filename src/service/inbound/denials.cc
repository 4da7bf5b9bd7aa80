// Counts verdicts, and denies.
#include "service/inbound/denials.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/header_lines.h"
#include "format/ip_network.h"
#include "net/socket_address.h"
#include "service/inbound/evidence.h"

namespace fwd::service {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kMostUnderWay = 200;
constexpr std::size_t kKeyOctets = 16;
constexpr std::uint64_t kMostNew = 200;  // entries that one network adds in a day
constexpr std::string_view kWhiteSpace = " \t\r\n";

// Bounded, and no addresses lie about.
std::string key_of(std::string_view room, std::string_view value) {
  return "verdicts." + std::string(room) + ':' + to_hex(crypto::blake2b(kKeyOctets, value));
}
std::string good_key(const Accused::One& one) {
  return key_of(one.kind == AccusedKind::kHost ? "host" : "good", one.value);
}
// Of addresses by offence; of what is whole all together.
std::string bad_key(const Accused& accused, const Accused::One& one) {
  const bool is_virus = one.kind == AccusedKind::kAddress && accused.offence == Offence::kVirus;
  return key_of("bad", (is_virus ? "virus\n" : "\n") + one.value);
}
std::uint64_t bound_of(const DenialOptions& options, Offence offence, AccusedKind kind) {
  if (kind != AccusedKind::kAddress) return options.others;
  return offence == Offence::kVirus ? options.viruses : options.spam;
}

// Strangers have addresses in it or below it, or the recipient has.
bool is_shared(const MessageFacts& facts, const std::vector<std::string>& shared,
               const mailauth::SuffixList& suffixes, const std::string& domain) {
  const auto touches = [&](const std::string& one) {
    return mailauth::is_within(domain, one) || mailauth::is_within(one, domain);
  };
  const auto is_own = [&](const std::string& address) {
    const std::size_t at = address.rfind('@');
    return at != std::string::npos && mailauth::is_within(to_lower(address.substr(at + 1)), domain);
  };
  const auto& own = facts.goals.addresses;
  return domain == suffixes.public_suffix(domain) ||
         std::any_of(shared.begin(), shared.end(), touches) ||
         std::any_of(own.begin(), own.end(), is_own);
}

// The body without what a relay, or who sends it again, may change (RFC 6376 §3.4.4).
std::string print_of(std::string_view content, const std::string& author) {
  std::string text = author + '\n';
  const std::string_view body = content.substr(format::header_size(content));
  for (std::size_t at = 0; (at = body.find_first_not_of(kWhiteSpace, at)) != body.npos;) {
    const std::size_t end = std::min(body.find_first_of(kWhiteSpace, at), body.size());
    text += body.substr(at, end - at);
    at = end;
  }
  return crypto::blake2b(kKeyOctets, text);
}

Offence offence_of(const scan::ScanResult& found) {
  if (found.virus && found.virus->kind == scan::VirusVerdict::Kind::kFound) return Offence::kVirus;
  return found.spam && found.spam->action == scan::SpamAction::kReject ? Offence::kSpam
                                                                       : Offence::kNone;
}
// No scanner that said something has anything against it.
bool is_good(const scan::ScanResult& found) {
  if (found.spam && found.spam->action != scan::SpamAction::kNone) return false;
  if (found.virus && found.virus->kind != scan::VirusVerdict::Kind::kClean) return false;
  return found.spam || found.virus;
}

// Nobody is counted who is let in, or of whom that could not be asked.
bool may_be_counted(const Evidence& evidence) {
  return evidence.was_asked && evidence.listed &&
         evidence.listed->decision.standing != Standing::kAllowed && !evidence.listed->ask_again();
}

// The envelope's sender is of the author's domain or one above it, and SPF says so.
bool author_sent_it(const MessageFacts& facts, const Evidence& evidence,
                    const format::Address& author) {
  return evidence.sender_is_proven() && !facts.mail.sender.null &&
         mailauth::is_within(author.domain, facts.mail.sender.address.domain);
}
// Who signs for a name below the author's need not speak for it.
bool author_signed_it(const Evidence& evidence, const format::Address& author) {
  if (evidence.dmarc_pass()) return true;
  if (!evidence.dkim_is_aligned || !evidence.dkim) return false;
  return std::any_of(evidence.dkim->begin(), evidence.dkim->end(), [&](const auto& one) {
    return one.verdict == mailauth::DkimVerdict::kPass &&
           mailauth::is_within(author.domain, one.domain);
  });
}

format::Address as_listed(format::Address address) {
  address.local = to_lower(address.user());
  return address;
}

class Names {
 public:
  Names(const MessageFacts& facts, const std::vector<std::string>& shared,
        const mailauth::SuffixList* suffixes)
      : facts_(facts), shared_(shared), suffixes_(suffixes) {}
  void add(const format::Address& address, std::vector<Accused::One>& all) const {
    accuse({address.text(), AccusedKind::kAddress}, all);
    const auto domain = mailauth::comparable_domain(address.domain);
    if (suffixes_ == nullptr || !domain) return;
    const std::string organisation = suffixes_->organisational_domain(*domain);
    if (!is_shared(facts_, shared_, *suffixes_, organisation))
      accuse({organisation, AccusedKind::kDomain}, all);
  }

 private:
  static void accuse(Accused::One one, std::vector<Accused::One>& all) {
    const auto is_it = [&](const auto& other) { return other.value == one.value; };
    if (std::none_of(all.begin(), all.end(), is_it)) all.push_back(std::move(one));
  }
  const MessageFacts& facts_;
  const std::vector<std::string>& shared_;
  const mailauth::SuffixList* suffixes_;
};

}  // namespace

Accused find_accused(const MessageFacts& facts, const Evidence& evidence,
                     const std::vector<std::string>& shared, const mailauth::SuffixList* suffixes) {
  Accused accused;
  if (!evidence.scan || is_neighbour(facts.options, facts.peer.address.ip)) return accused;
  accused.offence = offence_of(*evidence.scan);
  const bool is_praise = accused.offence == Offence::kNone;
  accused.is_counted = is_praise ? is_good(*evidence.scan) : may_be_counted(evidence);
  if (!accused.is_counted) return accused;
  const Accused::One host{net::counting_key(facts.peer.address), AccusedKind::kHost};
  if (is_praise) accused.all.push_back(host);
  if (!may_be_counted(evidence)) return accused;

  const Names names(facts, shared, suffixes);
  if (evidence.sender_is_proven() && !facts.mail.sender.null)
    names.add(as_listed(facts.mail.sender.address), accused.all);
  const auto author = find_author(*facts.content);
  std::string proven;
  if (evidence.author_is_proven() && author) {
    const format::Address listed = as_listed(*author);
    const bool is_proven =
        author_sent_it(facts, evidence, listed) ||
        (accused.offence != Offence::kSpam && author_signed_it(evidence, listed));
    if (is_proven) names.add(listed, accused.all);
    proven = listed.text();
  }
  if (is_praise) return accused;
  accused.print = print_of(*facts.content, proven);
  const bool may_be_proven = evidence.sender_may_be_proven() || evidence.author_may_be_proven() ||
                             evidence.author_is_proven();
  if (accused.all.empty() && !may_be_proven) accused.all.push_back(host);
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

Task<Outcome<bool>> Denials::has_room(const Case& of, std::string_view kind) {
  const auto ip = format::parse_ip(of.peer.address.ip);
  const std::string around = ip ? ip->around(ip->is_v6 ? 48 : 24).text() : "";
  auto counting = context_.state.add(key_of("new", std::string(kind) + '\n' + around), 1, kDay);
  const auto count = co_await counting;
  if (!count.ok()) co_return count.failure();
  co_return count.value().value <= kMostNew;
}

Task<Outcome<void>> Denials::praise(const Case& of, const Accused::One& one) {
  const std::string known = key_of("named", one.value);
  auto asking = context_.state.get(known);
  const auto is_known = co_await asking;
  if (!is_known.ok()) co_return is_known.failure();
  if (!is_known.value()) {
    auto looking = has_room(of, "good");
    const Outcome<bool> room = co_await looking;
    if (!room.ok()) co_return room.failure();
    if (!room.value()) co_return Outcome<void>{};
    auto naming = context_.state.set(known, "1", of.options.time);
    const auto named = co_await naming;
    if (!named.ok()) co_return named;
  }
  auto praising = context_.state.add(good_key(one), 1, of.options.time);
  const auto praised = co_await praising;
  if (!praised.ok()) co_return praised.failure();
  co_return Outcome<void>{};
}

Task<Outcome<bool>> Denials::is_new(const Case& of, const Accused::One& one) {
  const std::string seen = key_of("seen", one.value + '\n' + of.accused.print);
  auto asking = context_.state.get(seen);
  const auto was_seen = co_await asking;
  if (!was_seen.ok()) co_return was_seen.failure();
  if (was_seen.value()) co_return false;
  auto looking = has_room(of, "bad");
  const Outcome<bool> room = co_await looking;
  if (!room.ok() || !room.value()) co_return room;
  auto noting = context_.state.set_if_absent(seen, "1", kDay);
  co_return co_await noting;
}

Task<Outcome<void>> Denials::count_one(const Case& of, const Accused::One& one) {
  if (bound_of(of.options, of.accused.offence, one.kind) == 0 &&
      of.accused.offence != Offence::kNone)
    co_return Outcome<void>{};
  if (of.accused.offence == Offence::kNone) {
    auto praising = praise(of, one);
    co_return co_await praising;
  }
  auto looking = is_new(of, one);
  const Outcome<bool> is_first = co_await looking;
  if (!is_first.ok()) co_return is_first.failure();
  if (!is_first.value()) co_return Outcome<void>{};
  auto asking = is_enough(of, one);
  const Outcome<bool> enough = co_await asking;
  if (!enough.ok()) co_return enough.failure();
  if (!enough.value()) co_return Outcome<void>{};
  auto denying = deny(of, one);
  co_return co_await denying;
}

Task<Outcome<bool>> Denials::is_enough(const Case& of, const Accused::One& one) {
  auto counting = context_.state.add(bad_key(of.accused, one), 1, kDay);
  const auto count = co_await counting;
  if (!count.ok()) co_return count.failure();
  if (count.value().value < bound_of(of.options, of.accused.offence, one.kind)) co_return false;
  auto praising = context_.state.add(good_key(one), 0, of.options.time);
  const auto good = co_await praising;
  if (!good.ok()) co_return good.failure();
  co_return count.value().value > good.value().value;
}

Task<Outcome<void>> Denials::deny(const Case& of, const Accused::One& one) {
  model::ListedSender entry;
  entry.kind = model::ListKind::kDeny;
  entry.value = one.value;
  entry.is_learned = true;
  const std::string why(one.kind != AccusedKind::kAddress       ? "spam or viruses"
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
  auto forgetting = context_.state.remove(bad_key(of.accused, one));
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
