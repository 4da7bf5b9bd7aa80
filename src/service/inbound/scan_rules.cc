// Judges by what the scanners say.  Nobody's mail is above them: what is found
// in a neighbour's message is as bad.
#include "service/inbound/rules.h"

namespace fwd::service {
namespace {

Ruling finding(std::string result, std::string why) {
  return {std::move(result), std::move(why), 0, std::nullopt, false};
}

// By scan.when-down.
Ruling judge_absence(const MessageFacts& facts, const std::string& problem) {
  Ruling ruling = finding("temperror", problem);
  if (facts.options.judging.scanners_must_say)
    ruling.refusal = {451, "4.3.0", "The message cannot be scanned now, try again later"};
  return ruling;
}

}  // namespace

std::optional<Ruling> judge_virus(const MessageFacts& facts, const Evidence& evidence) {
  if (!evidence.scan) return std::nullopt;
  if (!evidence.scan->virus_problem.empty())
    return judge_absence(facts, evidence.scan->virus_problem);
  if (!evidence.scan->virus) return std::nullopt;
  const scan::VirusVerdict& virus = *evidence.scan->virus;
  if (virus.kind == scan::VirusVerdict::Kind::kClean) return finding("pass", "");
  if (virus.kind == scan::VirusVerdict::Kind::kTooLarge) return finding("none", "too large");
  Ruling ruling = finding("found", virus.name);
  if (facts.goals.has_virus_protection)
    ruling.refusal = {554, "5.7.1", "The message holds a virus: " + virus.name};
  else
    ruling.is_junk = true;
  return ruling;
}

std::optional<Ruling> judge_spam(const MessageFacts& facts, const Evidence& evidence) {
  if (!evidence.scan) return std::nullopt;
  if (evidence.scan->is_too_large) return finding("none", "too large");
  if (!evidence.scan->spam_problem.empty())
    return judge_absence(facts, evidence.scan->spam_problem);
  if (!evidence.scan->spam) return std::nullopt;
  const scan::SpamVerdict& spam = *evidence.scan->spam;
  const std::string action = std::string("rspamd says ") + scan::spam_action_name(spam.action);
  switch (spam.action) {
    case scan::SpamAction::kNone:
      return finding("pass", "");
    // Without a memory of its own rspamd says so each time: it would never get in.
    case scan::SpamAction::kGreylist: {
      Ruling ruling = finding("neutral", action);
      ruling.points = 1;
      return ruling;
    }
    case scan::SpamAction::kAddHeader:
    case scan::SpamAction::kRewriteSubject: {
      Ruling ruling = finding("spam", action);
      ruling.is_junk = true;
      return ruling;
    }
    case scan::SpamAction::kSoftReject: {
      Ruling ruling = finding("defer", action);
      ruling.refusal = {451, "4.7.1", spam.message.empty() ? "Try again later" : spam.message};
      return ruling;
    }
    case scan::SpamAction::kReject: {
      Ruling ruling = finding("spam", action);
      if (facts.options.judging.spam_is_refused)
        ruling.refusal = {554, "5.7.1",
                          spam.message.empty() ? "This looks like spam" : spam.message};
      else
        ruling.is_junk = true;
      return ruling;
    }
  }
  return std::nullopt;
}

}  // namespace fwd::service
