// Judges by lists: of senders, of the recipients' domains, of the DNS; and by
// what answers mail that nobody here sent.
#include <algorithm>
#include <string>

#include "format/header_lines.h"
#include "format/ip_network.h"
#include "model/sender_rules.h"
#include "service/inbound/backscatter.h"
#include "service/inbound/rules.h"

namespace fwd::service {
namespace {

Ruling ruling_of(const Finding& finding, std::optional<smtp::Reply> refusal) {
  return {finding.result, finding.why, finding.points, std::move(refusal), false};
}

// Of several From addresses none.
std::string author_of(const MessageFacts& facts) {
  const auto author = find_author(*facts.content);
  return author ? author->text() : "";
}

// An entry that could be the peer's name.
bool names_hosts(const std::vector<std::string>& allowlist) {
  return std::any_of(allowlist.begin(), allowlist.end(), [](const std::string& entry) {
    return entry.find('@') == std::string::npos && !format::parse_ip(entry);
  });
}

}  // namespace

std::optional<Ruling> judge_lists(const MessageFacts&, const Evidence& evidence) {
  if (!evidence.listed) return std::nullopt;
  const ListDecision& decision = evidence.listed->decision;
  if (decision.standing != Standing::kDenied)
    return ruling_of(evidence.listed->finding, std::nullopt);
  return ruling_of(evidence.listed->finding, list_refusal(decision, Moment::kMail));
}

model::SenderKeys rules_keys(const MessageFacts& facts, const Evidence& evidence) {
  model::SenderKeys keys;
  keys.ip = facts.peer.address.ip;
  if (const std::string name = evidence.peer_name(); !name.empty()) keys.hosts = {name};
  keys.addresses = {facts.mail.sender_text(), author_of(facts)};
  // Networks that are trusted vouch for what they bring.
  const bool is_vouched = is_neighbour(facts.options, keys.ip);
  if (is_vouched || evidence.sender_is_proven()) keys.proven.push_back(keys.addresses[0]);
  if (is_vouched || evidence.author_is_proven()) keys.proven.push_back(keys.addresses[1]);
  return keys;
}

// An allowlist that would have fitted, had the DNS said so: who sent it comes again.
std::optional<smtp::Reply> doubt(const model::RecipientRules& rules, model::SenderKeys keys,
                                 const Evidence& evidence) {
  if (evidence.host_is_unknown() && names_hosts(rules.allowlist))
    return smtp::Reply{451, "4.4.3", "The name of your host could not be found now"};
  if (evidence.sender_may_be_proven()) keys.proven.push_back(keys.addresses[0]);
  if (evidence.author_may_be_proven()) keys.proven.push_back(keys.addresses[1]);
  if (model::rules_verdict(rules, keys).verdict != model::RulesVerdict::kPass) return std::nullopt;
  return smtp::Reply{451, "4.4.3", "The DNS does not tell now whether the sender is who it says"};
}

// In the form of RFC 6522, and for mailboxes alone: what goes on has no Junk.
bool is_report_to_keep(const MessageFacts& facts) {
  if (!facts.mail.sender.null || !facts.goals.forwards.empty()) return false;
  const auto type = format::find_field(*facts.content, "Content-Type");
  return type && is_delivery_report(*type);
}

// Of a domain's people.  What needs the content is asked of recipients of one
// domain only (Recipients::is_kept_apart); all else was decided at RCPT.  Whose
// return path it is has no rules among these.
std::optional<Ruling> judge_domain_rules(const MessageFacts& facts, const Evidence& evidence) {
  if (facts.goals.rules.empty()) return std::nullopt;
  const model::SenderKeys keys = rules_keys(facts, evidence);
  bool is_asked = false;
  for (const RulesGoal& goal : facts.goals.rules) {
    if (!facts.mail.sender.null && !model::needs_content(goal.rules)) continue;
    is_asked = true;
    const model::RulesDecision decision = model::rules_verdict(goal.rules, keys);
    if (decision.verdict == model::RulesVerdict::kPass) continue;
    const bool is_denied = decision.verdict == model::RulesVerdict::kDenied;
    // Mail of our people that left by another server may have brought it.  Anybody
    // can write that form, so it is read in Junk whatever backscatter is worth.
    if (is_report_to_keep(facts))
      return Ruling{"report", "whose sender the recipient's domain does not take", 0, {}, true};
    Ruling ruling;
    ruling.result = is_denied ? "denied" : "not-allowed";
    ruling.why = "by the lists of the recipient's domain";
    ruling.refusal = {550, "5.7.1", "The recipient's domain does not take mail of this sender"};
    if (!is_denied)
      if (auto again = doubt(goal.rules, keys, evidence)) ruling.refusal = std::move(again);
    return ruling;
  }
  if (!is_asked) return std::nullopt;
  return Ruling{"pass", "", 0, std::nullopt, false};
}

std::optional<Ruling> judge_dns_lists(const MessageFacts&, const Evidence& evidence) {
  if (!evidence.dns_lists) return std::nullopt;
  return ruling_of(evidence.dns_lists->finding, evidence.dns_lists->refusal);
}

std::optional<Ruling> judge_backscatter(const MessageFacts& facts, const Evidence& evidence) {
  if (evidence.backscatter_points <= 0 && !evidence.sends_backscatter) return std::nullopt;
  const auto author = find_author(*facts.content);
  const auto type = format::find_field(*facts.content, "Content-Type");
  BackscatterFacts asked;
  asked.sender_is_null = facts.mail.sender.null;
  if (!facts.mail.sender.null) asked.sender_local = facts.mail.sender.address.local;
  if (author) asked.author_local = author->local;
  asked.content_type = type.value_or("");
  asked.came_to_return_path = !facts.goals.return_path.empty() && facts.goals.recipients == 1;
  asked.is_allowed = evidence.is_spared || evidence.is_sender_allowed;
  asked.is_block_listed = evidence.sends_backscatter;
  asked.points = evidence.backscatter_points;
  BackscatterVerdict verdict = check_backscatter(asked);
  Ruling ruling = ruling_of(verdict.finding, std::move(verdict.refusal));
  // Whatever junk-points may be.
  ruling.is_junk = verdict.finding.points > 0;
  return ruling;
}

}  // namespace fwd::service
