// Says who vouches for a message.
#include "service/inbound/authenticity.h"

#include "mailauth/results/method_results.h"

namespace fwd::service {
namespace {

mailauth::MethodResult spf_line(const MessageFacts& facts, const Evidence& evidence) {
  const std::string sender = facts.mail.sender_text();
  const bool is_helo = facts.mail.sender.null;
  const std::string identity = is_helo ? facts.peer.helo : sender;
  if (!evidence.spf)
    return mailauth::spf_result("temperror", identity, is_helo, "no answer in time");
  return mailauth::spf_result(std::string(mailauth::spf_word(evidence.spf->verdict)), identity,
                              is_helo);
}

mailauth::MethodResult dkim_line(const mailauth::DkimResult& one) {
  std::string comment = one.problem;
  if (comment.empty() && one.key_bits > 0) comment = std::to_string(one.key_bits) + "-bit key";
  return mailauth::dkim_result({std::string(mailauth::dkim_word(one.verdict)), comment, one.domain,
                                one.selector, one.identity, one.algorithm, one.signature_start});
}

mailauth::MethodResult arc_line(const MessageFacts& facts, const Evidence& evidence) {
  const std::string& ip = facts.peer.address.ip;
  if (!evidence.arc) return mailauth::arc_result("fail", "", ip, "no answer in time");
  const auto& arc = *evidence.arc;
  const bool is_pass = arc.verdict == mailauth::ArcVerdict::kPass;
  return mailauth::arc_result(std::string(mailauth::arc_word(arc.verdict)),
                              is_pass ? std::to_string(arc.oldest_pass) : "", ip, arc.problem);
}

mailauth::MethodResult iprev_line(const MessageFacts& facts, const Evidence& evidence) {
  const std::string& ip = facts.peer.address.ip;
  if (!evidence.iprev) return mailauth::iprev_result("temperror", ip);
  const bool is_pass = evidence.iprev->verdict == mailauth::IprevResult::Verdict::kPass;
  return mailauth::iprev_result(std::string(mailauth::iprev_word(evidence.iprev->verdict)), ip,
                                is_pass ? evidence.iprev->name : "");
}

}  // namespace

std::vector<mailauth::MethodResult> method_results(const MessageFacts& facts,
                                                   const Evidence& evidence) {
  std::vector<mailauth::MethodResult> results;
  if (!evidence.was_asked) return results;
  results.push_back(iprev_line(facts, evidence));
  results.push_back(spf_line(facts, evidence));
  if (!evidence.dkim)
    results.push_back(
        mailauth::dkim_result({"temperror", "no answer in time", "", "", "", "", ""}));
  else if (evidence.dkim->empty())
    results.push_back(mailauth::dkim_result({"none", "", "", "", "", "", ""}));
  else
    for (const auto& one : *evidence.dkim) results.push_back(dkim_line(one));
  results.push_back(arc_line(facts, evidence));
  if (evidence.dmarc) results.push_back(mailauth::dmarc_result(*evidence.dmarc));
  return results;
}

Authenticity authenticity_of(const MessageFacts& facts, const Evidence& evidence) {
  Authenticity found;
  if (evidence.from.kind == mailauth::FromDomain::Kind::kOne)
    found.author_domain = evidence.from.domains.front();
  if (!evidence.was_asked) return found;
  found.author_is_proven = evidence.author_is_proven();
  const auto sender = mailauth::comparable_domain(facts.mail.sender.address.domain);
  // A good author who is the sender, too.
  const bool by_author = evidence.dmarc_pass() && sender && *sender == found.author_domain;
  found.sender_is_proven = !facts.mail.sender.null && (evidence.sender_is_proven() || by_author);
  found.results = mailauth::resinfo_text(method_results(facts, evidence));
  if (evidence.arc) found.arc_chain = std::string(mailauth::arc_word(evidence.arc->verdict));
  found.webhook_json = webhook_json(facts, evidence);
  return found;
}

}  // namespace fwd::service
