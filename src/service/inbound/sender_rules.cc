// Judges who connects, and whom the message says it is from.  Names that are
// wrong are common on honest hosts, too: they cost points and refuse nothing.
#include <algorithm>

#include "core/text.h"
#include "net/own_address.h"
#include "service/inbound/rules.h"

namespace fwd::service {
namespace {

Ruling finding(std::string result, std::string why, double points) {
  return {std::move(result), std::move(why), points, std::nullopt, false};
}

// The address inside "[192.0.2.1]" or "[IPv6:2001:db8::1]"; "" for no literal.
std::string literal_address(std::string_view helo) {
  if (!helo.starts_with('[') || !helo.ends_with(']')) return {};
  helo = helo.substr(1, helo.size() - 2);
  constexpr std::string_view kTag = "IPv6:";
  if (same_word(helo.substr(0, kTag.size()), kTag)) helo.remove_prefix(kTag.size());
  return std::string(helo);
}

Ruling judge_literal(const MessageFacts& facts, const std::string& address) {
  const std::string said = mailauth::ip_octets(address);
  if (!said.empty() && said == mailauth::ip_octets(facts.peer.address.ip))
    return finding("literal", "it gave its address for its name", 0.5);
  if (net::is_own_address(address)) return finding("forged", "it gave our address", 5);
  return finding("fail", "it gave an address that is not its own", 2);
}

}  // namespace

// RFC 5322 §2.2, however the content came (RFC 3030 §3): a header in which two
// programs find two authors is nobody's.
std::optional<Ruling> judge_header(const MessageFacts& facts, const Evidence&) {
  if (facts.header.is_too_large) {
    Ruling ruling = finding("fail", "it is too large", 0);
    ruling.refusal = {552, "5.3.4", "The header is too large"};
    return ruling;
  }
  if (!facts.header.is_torn) return std::nullopt;
  Ruling ruling = finding("fail", "a bare CR, a bare LF or a NUL", 0);
  ruling.refusal = {550, "5.6.0", "The header has a bare CR, a bare LF or a NUL"};
  return ruling;
}

// RFC 5321 §6.3: count Received lines to find loops.
std::optional<Ruling> judge_loop(const MessageFacts& facts, const Evidence&) {
  if (facts.header.received <= facts.options.received) return std::nullopt;
  Ruling ruling = finding("fail", std::to_string(facts.header.received) + " Received lines", 0);
  ruling.refusal = {550, "5.4.6", "Too many Received lines, the message goes in circles"};
  return ruling;
}

// RFC 5321 §4.1.4: no message is refused because of the name its sender gave.
std::optional<Ruling> judge_helo(const MessageFacts& facts, const Evidence& evidence) {
  if (evidence.is_spared || !evidence.was_asked) return std::nullopt;
  const std::string& helo = facts.peer.helo;
  if (const std::string address = literal_address(helo); !address.empty())
    return judge_literal(facts, address);
  if (same_word(helo, facts.peer.host)) return finding("forged", "it gave our name", 5);
  if (helo.find('.') == std::string::npos)
    return finding("fail", "the name it gave has no domain", 1.5);
  if (!evidence.helo) return finding("temperror", "the DNS did not answer", 0);
  const auto& octets = evidence.helo->octets;
  const std::string peer = mailauth::ip_octets(facts.peer.address.ip);
  if (std::find(octets.begin(), octets.end(), peer) != octets.end()) return finding("pass", "", 0);
  if (evidence.helo->kind == net::DnsAnswer::Kind::kNoName)
    return finding("fail", "the name it gave does not exist", 1.5);
  return finding("neutral", "the name it gave leads elsewhere", 0.5);
}

std::optional<Ruling> judge_iprev(const MessageFacts&, const Evidence& evidence) {
  using Verdict = mailauth::IprevResult::Verdict;
  if (!evidence.was_asked) return std::nullopt;
  if (!evidence.iprev) return finding("temperror", "the DNS did not answer in time", 0);
  const auto verdict = evidence.iprev->verdict;
  const double points = verdict == Verdict::kFail ? 1.5 : verdict == Verdict::kPermError ? 2 : 0;
  return finding(std::string(mailauth::iprev_word(verdict)),
                 verdict == Verdict::kPass ? evidence.iprev->name : evidence.iprev->problem,
                 evidence.is_spared ? 0 : points);
}

// RFC 5322 §3.6 wants one From; RFC 7489 §6.6.1 lets the receiver decide.  Where
// no author can be told DMARC protects none, while people are shown one.
std::optional<Ruling> judge_from(const MessageFacts& facts, const Evidence& evidence) {
  using Kind = mailauth::FromDomain::Kind;
  if (!evidence.was_asked) return std::nullopt;
  const Kind kind = evidence.from.kind;
  if (kind == Kind::kOne) return finding("pass", evidence.from.domains.front(), 0);
  const double points = kind == Kind::kSeveralFields    ? 3
                        : kind == Kind::kSeveralDomains ? 1
                        : kind == Kind::kNoAddress      ? 1.5
                                                        : 2.5;
  const std::string problem(evidence.from.problem());
  Ruling ruling = finding("fail", problem, evidence.is_spared ? 0 : points);
  if (kind == Kind::kNoAddress || kind == Kind::kSeveralDomains) return ruling;
  const Enforcement enforcement = facts.options.judging.dmarc;
  if (enforcement == Enforcement::kEnforce)
    ruling.refusal = {550, "5.7.1", "Nobody can be told for the author: " + problem};
  ruling.is_junk = enforcement == Enforcement::kMark;
  return ruling;
}

}  // namespace fwd::service
