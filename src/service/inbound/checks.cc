// The ordered list of checks.
#include "service/inbound/checks.h"

#include <algorithm>
#include <utility>

#include "scan/rspamd_answer.h"
#include "service/inbound/authenticity.h"
#include "service/inbound/denials.h"
#include "service/inbound/dmarc_story.h"
#include "service/inbound/rules.h"
#include "service/inbound/verdict_lines.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMostWhy = 200;

struct Check {
  std::string_view name;
  Rule rule;
  bool may_be_spared = false;
  bool is_of_peer = false;  // says nothing of the author
};

// In this order.
constexpr Check kBefore[] = {
    {"header", judge_header},
    {"loop", judge_loop},
};
constexpr Check kSender[] = {
    {"lists", judge_lists},
    {"rules", judge_domain_rules},
    {"helo", judge_helo, true, true},
    {"iprev", judge_iprev, true, true},
    {"from", judge_from, true},
    {"dkim", judge_dkim, true},
    {"arc", judge_arc, true},
    {"dmarc", judge_dmarc, true},
    {"spf", judge_spf, true},
    {"dns-lists", judge_dns_lists, true, true},
    {"backscatter", judge_backscatter, true, true},
};
constexpr Check kContent[] = {
    {"virus", judge_virus},
    {"spam", judge_spam},
};

// A refusal that who is let in would not get, while it is not known who is.
void soften(const Evidence& evidence, std::optional<smtp::Reply>& refusal) {
  if (!refusal || refusal->code < 500 || !evidence.listed) return;
  if (auto again = evidence.listed->ask_again()) refusal = std::move(again);
}

void rule(const Check& check, const MessageFacts& facts, const Evidence& evidence,
          Judgement& judgement) {
  auto ruling = check.rule(facts, evidence);
  if (!ruling) return;
  // What refuses nobody adds up to nothing, either.
  const bool is_spared = check.may_be_spared &&
                         (evidence.is_spared || (check.is_of_peer && evidence.is_sender_allowed));
  const bool is_free = check.may_be_spared && (evidence.is_spared || evidence.is_sender_allowed);
  if (is_free) ruling->points = std::min(ruling->points, 0.0);
  judgement.findings.push_back({check.name, std::move(ruling->result),
                                scan::one_line(ruling->why, kMostWhy), ruling->points});
  judgement.points += ruling->points;
  if (is_spared) return;
  if (check.may_be_spared || check.rule == judge_lists) soften(evidence, ruling->refusal);
  if (ruling->refusal && !judgement.refusal) {
    judgement.refusal = std::move(ruling->refusal);
    judgement.decided_by = check.name;
  }
  if (ruling->is_junk && !judgement.is_junk) {
    judgement.is_junk = true;
    if (!judgement.refusal) judgement.decided_by = check.name;
  }
}

template <std::size_t N>
void rule_all(const Check (&checks)[N], const MessageFacts& facts, const Evidence& evidence,
              Judgement& judgement) {
  for (const Check& check : checks) rule(check, facts, evidence, judgement);
}

void count_points(const JudgingOptions& options, const Evidence& evidence, Judgement& judgement) {
  if (judgement.refusal) return;
  if (options.refuse_points > 0 && judgement.points >= options.refuse_points) {
    judgement.refusal = {550, "5.7.1", "Too much speaks against this message"};
    soften(evidence, judgement.refusal);
    judgement.decided_by = "points";
  } else if (!judgement.is_junk && options.junk_points > 0 &&
             judgement.points >= options.junk_points) {
    judgement.is_junk = true;
    judgement.decided_by = "points";
  }
}

scan::ScanQuestion scan_question(const MessageFacts& facts, const Evidence& evidence) {
  scan::ScanQuestion question;
  question.content = *facts.content;
  question.ip = facts.peer.address.ip;
  question.helo = facts.peer.helo;
  if (evidence.iprev && evidence.iprev->verdict == mailauth::IprevResult::Verdict::kPass)
    question.hostname = evidence.iprev->name;
  question.sender = facts.mail.sender_text();
  question.recipients = facts.goals.addresses;
  if (facts.goals.addresses.size() == 1) question.deliver_to = facts.goals.addresses.front();
  question.queue_id = facts.mail.id;
  return question;
}

}  // namespace

Task<Judgement> judge_message(const InboundContext& context, const MessageFacts& facts) {
  Judgement judgement;
  Evidence evidence;
  rule_all(kBefore, facts, evidence, judgement);
  if (judgement.refusal) co_return judgement;
  auto gathering = gather_evidence(context, facts);
  evidence = co_await gathering;
  rule_all(kSender, facts, evidence, judgement);
  if (!judgement.refusal && context.scan) {
    auto asking = context.scan(scan_question(facts, evidence));
    evidence.scan = co_await asking;
    rule_all(kContent, facts, evidence, judgement);
  }
  count_points(facts.options.judging, evidence, judgement);
  judgement.authenticity = authenticity_of(facts, evidence);
  if (context.protection != nullptr)
    judgement.accused =
        find_accused(facts, evidence, context.protection->denials.shared, context.suffixes);
  judgement.lines = verdict_lines(facts, evidence, judgement);
  if (evidence.dmarc) judgement.dmarc = dmarc_story(facts, evidence);
  co_return judgement;
}

}  // namespace fwd::service
