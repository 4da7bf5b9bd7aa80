// Judges by DMARC, and where that says nothing, by SPF.
//
//   DMARC                      what follows
//   pass                       accepted, whatever SPF says
//   fail, p=reject             550, unless a trusted ARC sealer saw it pass
//   fail, p=quarantine         Junk, unless a trusted ARC sealer saw it pass
//   fail, p=none               points
//                              or 451, when the DNS did not tell whether it did
//   temperror                  451 where "reject" may be hidden behind it, else points
//   none, permerror            SPF decides:
//     fail                     550, unless a signature of the author's organisation is
//                              good or a trusted ARC sealer saw it pass; 451 when the
//                              DNS did not tell
//     temperror                451, with the same exceptions
//     all else                 points
//
// What a check would do is milder by smtp.dmarc and smtp.spf; neighbours are
// refused nothing (checks.cc).
#include "service/inbound/rules.h"

namespace fwd::service {
namespace {

using mailauth::DkimVerdict;
using mailauth::DmarcPolicy;
using mailauth::DmarcResult;
using mailauth::DmarcVerdict;
using mailauth::SpfVerdict;

Ruling finding(std::string result, std::string why, double points) {
  return {std::move(result), std::move(why), points, std::nullopt, false};
}

// Refuses, marks, or only says so.
void act(Ruling& ruling, Enforcement enforcement, smtp::Reply reply) {
  if (enforcement == Enforcement::kEnforce) ruling.refusal = std::move(reply);
  if (enforcement == Enforcement::kMark) ruling.is_junk = true;
}

// RFC 7208 §8.6: 451 4.4.3.
smtp::Reply ask_again(const std::string& what) {
  return {451, "4.4.3", what + " could not be checked now, for want of an answer from the DNS"};
}

// Whether what is not known may be that the domain wants the message refused.
bool may_want_refusal(const DmarcResult& dmarc, const Evidence& evidence) {
  if (!dmarc.policy_domain.empty()) return dmarc.published == DmarcPolicy::kReject;
  // The record is not known.  What passed for the very domain passes anyway.
  for (const std::string& author : evidence.from.domains) {
    const bool by_spf = evidence.spf && evidence.spf->verdict == SpfVerdict::kPass &&
                        evidence.spf->domain == author;
    bool by_dkim = false;
    for (const auto& one : evidence.dkim.value_or(std::vector<mailauth::DkimResult>{}))
      by_dkim = by_dkim || (one.verdict == DkimVerdict::kPass && one.domain == author);
    if (!by_spf && !by_dkim) return true;
  }
  return false;
}

Ruling judge_dmarc_failure(const MessageFacts& facts, const DmarcResult& dmarc,
                           const Evidence& evidence) {
  const auto enforcement = facts.options.judging.dmarc;
  Ruling ruling = finding(
      "fail", dmarc.from_domain + " asks for " + std::string(dmarc_policy_name(dmarc.applied)),
      1.5);
  if (dmarc.applied == DmarcPolicy::kReject) {
    act(ruling, enforcement,
        {550, "5.7.1", "By its DMARC policy " + dmarc.from_domain + " wants this mail refused"});
    if (ruling.refusal && evidence.arc_may_be_trusted)
      ruling.refusal = ask_again("ARC of this mail");
  } else if (dmarc.applied == DmarcPolicy::kQuarantine) {
    ruling.is_junk = enforcement != Enforcement::kOff;
  }
  return ruling;
}

// Of a record at most; strangers' words are made harmless by who writes them.
std::string spf_why(const mailauth::SpfResult& spf) {
  std::string why = spf.domain;
  if (spf.by_helo) why += " (HELO)";
  if (!spf.mechanism.empty()) why += " by " + spf.mechanism;
  if (!spf.problem.empty()) why += ": " + spf.problem;
  return why;
}

smtp::Reply spf_refusal(const MessageFacts& facts, const mailauth::SpfResult& spf) {
  std::string text = facts.peer.address.ip + " may not send for " + spf.domain + " (SPF)";
  // RFC 7208 §6.2: whose words they are must be plain.
  if (!spf.explanation.empty()) text += "; " + spf.domain + " explains: " + spf.explanation;
  return {550, "5.7.23", text.substr(0, 400)};  // RFC 7372 §3.2
}

double spf_points(SpfVerdict verdict) {
  switch (verdict) {
    case SpfVerdict::kFail:
      return 3;
    case SpfVerdict::kSoftFail:
      return 1.5;
    case SpfVerdict::kPermError:
      return 1;
    case SpfVerdict::kNone:
      return 0.5;
    default:
      return 0;
  }
}

// DMARC has nothing to say, and nobody else vouches for the author.
bool spf_decides(const Evidence& evidence) {
  const bool has_dmarc = evidence.dmarc && evidence.dmarc->verdict != DmarcVerdict::kNone &&
                         evidence.dmarc->verdict != DmarcVerdict::kPermError;
  return !has_dmarc && !evidence.dkim_is_aligned && !evidence.arc_is_trusted;
}

}  // namespace

std::optional<Ruling> judge_dkim(const MessageFacts&, const Evidence& evidence) {
  if (!evidence.was_asked) return std::nullopt;
  if (!evidence.dkim) return finding("temperror", "the DNS did not answer in time", 0);
  if (evidence.dkim->empty()) return finding("none", "", 0);
  const mailauth::DkimResult* best = nullptr;
  for (const auto& one : *evidence.dkim)
    if (best == nullptr ||
        (one.verdict == DkimVerdict::kPass && best->verdict != DkimVerdict::kPass))
      best = &one;
  const std::string word(mailauth::dkim_word(best->verdict));
  if (best->verdict == DkimVerdict::kPass)
    return finding(word, best->domain, evidence.dkim_is_aligned ? -0.5 : 0);
  return finding(word, best->domain + ": " + best->problem, 0.5);
}

std::optional<Ruling> judge_arc(const MessageFacts&, const Evidence& evidence) {
  if (!evidence.was_asked) return std::nullopt;
  if (!evidence.arc) return finding("temperror", "the DNS did not answer in time", 0);
  std::string why = evidence.arc->problem;
  if (evidence.arc->verdict == mailauth::ArcVerdict::kPass)
    why = "sealed by " + evidence.arc->newest_domain +
          (evidence.arc_is_trusted ? ", who is trusted and saw DMARC pass" : "");
  return finding(std::string(mailauth::arc_word(evidence.arc->verdict)), std::move(why), 0);
}

std::optional<Ruling> judge_dmarc(const MessageFacts& facts, const Evidence& evidence) {
  if (!evidence.was_asked || evidence.from.domains.empty()) return std::nullopt;
  const auto enforcement = facts.options.judging.dmarc;
  DmarcResult unknown;
  unknown.verdict = DmarcVerdict::kTempError;
  unknown.from_domain = evidence.from.domains.front();
  const DmarcResult& dmarc = evidence.dmarc ? *evidence.dmarc : unknown;
  const std::string word(mailauth::dmarc_verdict_name(dmarc.verdict));
  switch (dmarc.verdict) {
    case DmarcVerdict::kPass:
      return finding(word, dmarc.from_domain, 0);
    case DmarcVerdict::kFail:
      if (evidence.arc_is_trusted)
        return finding(word, "but " + evidence.arc->newest_domain + " vouches for it by ARC", 0);
      return judge_dmarc_failure(facts, dmarc, evidence);
    case DmarcVerdict::kTempError: {
      Ruling ruling = finding(word, "the DNS did not answer", 0);
      if (!evidence.arc_is_trusted && enforcement == Enforcement::kEnforce &&
          may_want_refusal(dmarc, evidence))
        ruling.refusal = ask_again("DMARC of " + dmarc.from_domain);
      return ruling;
    }
    case DmarcVerdict::kPermError:
      return finding(word, dmarc.problem, 0.5);
    case DmarcVerdict::kNone:
      return finding(word, "", 0);
  }
  return std::nullopt;
}

std::optional<Ruling> judge_spf(const MessageFacts& facts, const Evidence& evidence) {
  if (!evidence.was_asked) return std::nullopt;
  const auto enforcement = facts.options.judging.spf;
  if (!evidence.spf || evidence.spf->verdict == SpfVerdict::kTempError) {
    Ruling ruling = finding("temperror", "the DNS did not answer", 0);
    // Who has no sender is not asked to come again for his HELO name.
    if (spf_decides(evidence) && !facts.mail.sender.null && enforcement == Enforcement::kEnforce)
      ruling.refusal = ask_again("SPF of " + facts.mail.sender.address.domain);
    return ruling;
  }
  const mailauth::SpfResult& spf = *evidence.spf;
  Ruling ruling = finding(std::string(mailauth::spf_word(spf.verdict)), spf_why(spf),
                          evidence.dmarc_pass() ? 0 : spf_points(spf.verdict));
  if (spf.verdict == SpfVerdict::kFail && spf_decides(evidence))
    act(ruling, enforcement,
        evidence.dkim_may_be_aligned || evidence.arc_may_be_trusted
            ? ask_again("Who vouches for this mail")
            : spf_refusal(facts, spf));
  return ruling;
}

}  // namespace fwd::service
