// Asks the DNS about a message, everything that may be asked at once.
#include "service/inbound/evidence.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/all_of.h"
#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "format/header_lines.h"
#include "format/ip_network.h"
#include "format/one_mailbox.h"
#include "mailauth/results/authentication_results.h"

namespace fwd::service {
namespace {

struct Asking {
  const InboundContext& context;
  const MessageFacts& facts;
  std::shared_ptr<const mailauth::MessageView> view;
  std::shared_ptr<mailauth::KeyRing> ring;
  std::int64_t unix_time = 0;
  Evidence& evidence;
};

// Known to nobody, the same while we run.
const std::string& sampling_secret() {
  static const std::string secret = [] {
    std::string octets(32, '\0');
    crypto::fill_random(octets.data(), octets.size());
    return octets;
  }();
  return secret;
}

// Draws the sample of "pct" (RFC 7489 §6.6.4): the same for a message that comes
// again, else it would be sent until it is spared.
std::size_t draw(const MessageFacts& facts, const std::string& domain, std::size_t bound) {
  const auto ip = format::parse_ip(facts.peer.address.ip);
  std::string drawn_for = crypto::sha256(*facts.content) + domain + ' ';
  if (ip) drawn_for += ip->around(ip->is_v6 ? 48 : 24).text();
  const std::string digest = crypto::hmac_sha256(sampling_secret(), drawn_for);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return bound == 0 ? 0 : static_cast<std::size_t>(number % bound);
}

// Tasks write what they learn at once, so that it is there when time is up.
Task<bool> ask_spf(const Asking& asking) {
  auto asked = ask_spf_of(asking.context, asking.facts.peer, asking.facts.mail);
  asking.evidence.spf = co_await asked;
  co_return true;
}

Task<bool> ask_lists_in_dns(const Asking& asking) {
  asking.evidence.dns_lists =
      co_await ask_dns_lists(*asking.context.resolver, asking.context.clock,
                             asking.context.protection->dns_lists, asking.facts.peer.address.ip);
  co_return true;
}

Task<bool> ask_backscatter_lists(const Asking& asking) {
  const auto verdict = co_await ask_dns_lists(*asking.context.resolver, asking.context.clock,
                                              asking.context.protection->backscatter_lists,
                                              asking.facts.peer.address.ip);
  asking.evidence.sends_backscatter = !verdict.hits.empty();
  co_return true;
}

Task<bool> ask_iprev(const Asking& asking) {
  asking.evidence.iprev =
      co_await mailauth::check_iprev(*asking.context.resolver, asking.facts.peer.address.ip);
  co_return true;
}

Task<bool> ask_helo(const Asking& asking) {
  const std::string octets = mailauth::ip_octets(asking.facts.peer.address.ip);
  const auto name = mailauth::comparable_domain(asking.facts.peer.helo);
  if (octets.empty() || !name) co_return false;
  auto found = co_await mailauth::find_host_octets(*asking.context.resolver, *name, octets);
  if (found.ok()) asking.evidence.helo = std::move(found).value();
  co_return true;
}

Task<bool> ask_dkim(const Asking& asking) {
  asking.evidence.dkim =
      co_await asking.context.verifier->verify_dkim(asking.view, asking.unix_time, asking.ring);
  co_return true;
}

Task<bool> ask_arc(const Asking& asking) {
  asking.evidence.arc =
      co_await asking.context.verifier->verify_arc(asking.view, asking.unix_time, asking.ring);
  co_return true;
}

mailauth::DmarcQuestion dmarc_question(const Asking& asking, const std::string& domain) {
  const Evidence& evidence = asking.evidence;
  mailauth::DmarcQuestion question;
  question.from_domain = domain;
  question.tree_walk = asking.facts.options.judging.dmarc_tree_walk;
  question.spf_temporary =
      !evidence.spf || evidence.spf->verdict == mailauth::SpfVerdict::kTempError;
  question.spf_domain =
      evidence.spf ? evidence.spf->domain : asking.facts.mail.sender.address.domain;
  question.spf_pass = evidence.spf && evidence.spf->verdict == mailauth::SpfVerdict::kPass;
  question.dkim_temporary = !evidence.dkim;
  if (evidence.dkim) question.dkim = alignment_facts(*evidence.dkim);
  return question;
}

Task<bool> ask_dmarc(const Asking& asking) {
  std::vector<Task<mailauth::DmarcResult>> each;
  for (const std::string& domain : asking.evidence.from.domains) {
    const auto sample = [&facts = asking.facts, &domain](std::size_t bound) {
      return draw(facts, domain, bound);
    };
    each.push_back(mailauth::check_dmarc(*asking.context.resolver, *asking.context.suffixes,
                                         dmarc_question(asking, domain), sample));
  }
  auto all = all_of(std::move(each));
  auto found = co_await all;
  std::vector<mailauth::DmarcResult> results;
  for (auto& one : found) results.push_back(std::move(*one));
  asking.evidence.dmarc = mailauth::strictest(std::move(results));
  co_return true;
}

// RFC 7489 §3.1.1 in its relaxed form, whatever the domain's record may say.
bool is_aligned(const mailauth::SuffixList& suffixes, const std::string& given,
                const std::vector<std::string>& authors) {
  const auto domain = mailauth::comparable_domain(given);
  if (!domain || authors.size() != 1) return false;
  return suffixes.organisational_domain(*domain) == suffixes.organisational_domain(authors[0]);
}

bool is_named_sealer(const InboundContext& context, const mailauth::ArcResult& arc) {
  const auto sealer = mailauth::comparable_domain(arc.newest_domain);
  if (!sealer) return false;
  const std::string organisation = context.suffixes->organisational_domain(*sealer);
  const auto& trusted = context.options.judging.trusted_sealers;
  return std::any_of(trusted.begin(), trusted.end(), [&](const std::string& name) {
    return same_word(name, *sealer) || same_word(name, organisation);
  });
}

// What the sealer saw pass must be what is here: its author, and all of its body.
bool is_trusted(const InboundContext& context, const mailauth::FromDomain& from,
                const mailauth::ArcResult& arc) {
  if (arc.verdict != mailauth::ArcVerdict::kPass || !arc.signs_whole_body) return false;
  if (from.kind != mailauth::FromDomain::Kind::kOne) return false;
  if (!is_named_sealer(context, arc)) return false;
  const auto results = mailauth::parse_authentication_results(arc.newest_results);
  const auto* dmarc = results ? results->find("dmarc") : nullptr;
  if (dmarc == nullptr || dmarc->word != "pass") return false;
  return std::any_of(dmarc->properties.begin(), dmarc->properties.end(), [&](const auto& property) {
    return property.first == "header.from" &&
           mailauth::comparable_domain(property.second) == from.domains.front();
  });
}

// What an answer of the DNS that did not come could have made of it.
void note_unknown(const InboundContext& context, std::string_view content, Evidence& evidence) {
  if (!evidence.dkim) {
    evidence.dkim_may_be_aligned = format::find_field(content, "DKIM-Signature").has_value();
  } else {
    for (const mailauth::DkimResult& one : *evidence.dkim)
      if (one.verdict == mailauth::DkimVerdict::kTempError &&
          is_aligned(*context.suffixes, one.domain, evidence.from.domains))
        evidence.dkim_may_be_aligned = true;
  }
  if (!evidence.arc)
    evidence.arc_may_be_trusted = !context.options.judging.trusted_sealers.empty() &&
                                  format::find_field(content, "ARC-Seal").has_value();
  else
    evidence.arc_may_be_trusted =
        evidence.arc->is_temporary && is_named_sealer(context, *evidence.arc);
}

void draw_conclusions(const InboundContext& context, Evidence& evidence) {
  const auto& authors = evidence.from.domains;
  if (evidence.dkim)
    for (const mailauth::DkimResult& one : *evidence.dkim)
      if (one.verdict == mailauth::DkimVerdict::kPass &&
          is_aligned(*context.suffixes, one.domain, authors))
        evidence.dkim_is_aligned = true;
  evidence.spf_is_aligned = evidence.spf && evidence.spf->verdict == mailauth::SpfVerdict::kPass &&
                            is_aligned(*context.suffixes, evidence.spf->domain, authors);
  evidence.arc_is_trusted = evidence.arc && is_trusted(context, evidence.from, *evidence.arc);
}

// What the lists of senders say, now that it is known who is proven.
Task<void> ask_lists(const InboundContext& context, const MessageFacts& facts, Evidence& evidence) {
  if (context.sender_lists == nullptr || context.protection == nullptr) co_return;
  SenderFacts sender;
  sender.ip = facts.peer.address.ip;
  sender.is_neighbour = is_neighbour(facts.options, sender.ip);
  sender.host = evidence.peer_name();
  sender.host_is_unknown = evidence.host_is_unknown();
  if (!facts.mail.sender.null) sender.sender = facts.mail.sender.address;
  sender.sender_is_proven = evidence.sender_is_proven();
  sender.author = find_author(*facts.content);
  sender.author_is_proven = evidence.author_is_proven();
  if (evidence.dkim)
    for (const mailauth::DkimResult& one : *evidence.dkim)
      if (one.verdict == mailauth::DkimVerdict::kPass) sender.signing_domains.push_back(one.domain);
  auto asking = check_sender(*context.sender_lists, context.protection->lists, std::move(sender));
  evidence.listed = co_await asking;
  if (evidence.listed->decision.standing != Standing::kAllowed) co_return;
  const std::string_view what = evidence.listed->decision.what;
  evidence.is_sender_allowed = true;
  if (what != "signer" && what != "sender") evidence.is_spared = true;
}

// What is said of a neighbour refuses nothing, and is worth no long wait.
std::chrono::milliseconds limit_for(const MessageFacts& facts) {
  const JudgingOptions& judging = facts.options.judging;
  return is_neighbour(facts.options, facts.peer.address.ip)
             ? std::min(judging.limit, judging.trusted_limit)
             : judging.limit;
}

}  // namespace

bool is_neighbour(const InboundOptions& options, const std::string& ip) {
  if (ip.empty()) return true;  // a Unix socket
  const auto address = format::parse_ip(ip);
  const auto& trusted = options.trusted_networks;
  return address && std::any_of(trusted.begin(), trusted.end(),
                                [&](const auto& network) { return network.contains(*address); });
}

std::optional<format::Address> find_author(std::string_view content) {
  const auto from = format::find_field(content, "From");
  const auto author = from ? format::read_one_mailbox(*from) : std::nullopt;
  if (!author) return std::nullopt;
  auto address = format::parse_mailbox(author->address, format::AddressCharset::kUtf8);
  if (!address.ok()) return std::nullopt;
  return std::move(address).value();
}

Task<mailauth::SpfResult> ask_spf_of(const InboundContext& context, const smtp::Peer& peer,
                                     const smtp::Mail& mail) {
  mailauth::SpfQuestion question{peer.address.ip, peer.helo, mail.sender_text(), peer.host,
                                 unix_seconds(context.clock.wall())};
  auto asking = mailauth::check_spf(*context.resolver, std::move(question));
  co_return co_await asking;
}

std::vector<mailauth::AlignmentFact> alignment_facts(
    const std::vector<mailauth::DkimResult>& results) {
  std::vector<mailauth::AlignmentFact> facts;
  for (const mailauth::DkimResult& one : results)
    facts.push_back({one.domain, one.selector, std::string(mailauth::dkim_word(one.verdict)),
                     one.verdict == mailauth::DkimVerdict::kPass});
  return facts;
}

Task<Evidence> gather_evidence(const InboundContext& context, const MessageFacts& facts) {
  Evidence evidence;
  evidence.is_spared = is_neighbour(facts.options, facts.peer.address.ip);
  if (context.protection != nullptr)
    evidence.backscatter_points = context.protection->backscatter_points;
  auto view = mailauth::MessageView::read(facts.content);
  evidence.from = mailauth::from_domain(view->header());
  if (context.resolver == nullptr || context.verifier == nullptr || context.suffixes == nullptr) {
    auto naming = ask_lists(context, facts, evidence);
    co_await naming;
    co_return evidence;
  }
  evidence.was_asked = true;
  const Asking asking{context,
                      facts,
                      std::move(view),
                      context.verifier->make_ring(),
                      unix_seconds(context.clock.wall()),
                      evidence};
  // RFC 7208 §4.6.4 wants 20 seconds for SPF; DMARC needs what comes of it.
  const Instant begin = context.clock.now();
  const auto limit = limit_for(facts);
  std::vector<Task<bool>> first;
  evidence.spf = facts.spf;
  if (!evidence.spf) first.push_back(ask_spf(asking));
  if (context.protection != nullptr && !context.protection->dns_lists.lists.empty())
    first.push_back(ask_lists_in_dns(asking));
  if (context.protection != nullptr && facts.mail.sender.null)
    first.push_back(ask_backscatter_lists(asking));
  first.push_back(ask_iprev(asking));
  first.push_back(ask_helo(asking));
  first.push_back(ask_dkim(asking));
  first.push_back(ask_arc(asking));
  auto bounded = before(context.clock, begin + limit * 2 / 3, all_of(std::move(first)));
  const auto in_time = co_await bounded;
  static_cast<void>(in_time);  // what is missing shows in the evidence
  if (!evidence.from.domains.empty()) {
    auto last = before(context.clock, begin + limit, ask_dmarc(asking));
    const auto was_told = co_await last;
    static_cast<void>(was_told);
  }
  draw_conclusions(context, evidence);
  note_unknown(context, *facts.content, evidence);
  auto naming = ask_lists(context, facts, evidence);
  co_await naming;
  co_return evidence;
}

}  // namespace fwd::service
