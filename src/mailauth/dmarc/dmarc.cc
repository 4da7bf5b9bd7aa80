// The DMARC verdict: alignment, policy, sample.
#include "mailauth/dmarc/dmarc.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "mailauth/dmarc/dmarc_discovery.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostFacts = 100;
constexpr std::size_t kMostWalks = 10;

enum class Aligned : std::uint8_t { kNo, kYes, kUnknown };

// One question being answered.  Must outlive its tasks.
class Check {
 public:
  Check(net::Resolver& resolver, const SuffixList& suffixes, const DmarcQuestion& question,
        DmarcResult& result)
      : resolver_(resolver), suffixes_(suffixes), question_(question), result_(result) {}

  // False when there is nothing to go on with: the verdict is set.
  Task<bool> discover() {
    DmarcDiscovery found;
    if (question_.tree_walk)
      found = co_await discover_by_tree_walk(resolver_, result_.from_domain);
    else
      found = co_await discover_by_list(resolver_, suffixes_, result_.from_domain);
    result_.organisational_domain = std::move(found.organisational_domain);
    result_.problem = std::move(found.problem);
    if (found.temporary) {
      result_.verdict = DmarcVerdict::kTempError;
      co_return false;
    }
    if (found.policy_domain.empty()) co_return false;
    result_.policy_domain = std::move(found.policy_domain);
    result_.record = std::move(found.record);
    if (!result_.record.settle(question_.tree_walk)) {
      result_.verdict = DmarcVerdict::kPermError;
      result_.problem = "the DMARC record has no valid policy";
      co_return false;
    }
    co_return true;
  }

  // Sets what is aligned, and the verdict but for the policy.
  Task<void> align() {
    bool unknown = false;
    const auto spf = co_await compare(question_.spf_domain, result_.record.aspf,
                                      question_.spf_pass || question_.spf_temporary);
    result_.spf_aligned = question_.spf_pass && spf == Aligned::kYes;
    if (question_.spf_pass)
      unknown = spf == Aligned::kUnknown;
    else if (question_.spf_temporary)
      unknown = spf != Aligned::kNo || question_.spf_domain.empty();
    const bool dkim_unknown = co_await align_dkim();
    if (result_.spf_aligned || result_.dkim_aligned)
      result_.verdict = DmarcVerdict::kPass;
    else
      result_.verdict = unknown || dkim_unknown ? DmarcVerdict::kTempError : DmarcVerdict::kFail;
  }

  // p, sp or np (RFC 7489 §6.3, RFC 9091 §3.2).
  Task<void> choose_policy() {
    const DmarcRecord& record = result_.record;
    const bool is_below = result_.policy_domain != result_.from_domain;
    result_.published = record.policy_for(is_below, true);
    if (!is_below || record.policy_for(true, false) == result_.published) co_return;
    const Existence exists =
        co_await domain_exists(resolver_, result_.from_domain, question_.tree_walk);
    if (exists == Existence::kNo) result_.published = record.policy_for(true, false);
    if (exists != Existence::kUnknown || result_.verdict != DmarcVerdict::kFail) co_return;
    result_.verdict = DmarcVerdict::kTempError;
    result_.problem = "whether the domain exists could not be found out";
  }

 private:
  Task<bool> align_dkim() {
    bool unknown = false;
    bool told = false;  // which signature it is that could not be checked
    for (std::size_t i = 0; i < std::min(question_.dkim.size(), kMostFacts); ++i) {
      const AlignmentFact& fact = question_.dkim[i];
      const bool temporary = !fact.pass && fact.word == "temperror";
      told = told || temporary;
      const auto aligned =
          co_await compare(fact.domain, result_.record.adkim, fact.pass || temporary);
      if (fact.pass && aligned == Aligned::kYes) result_.dkim_aligned = true;
      unknown = unknown || (temporary && aligned == Aligned::kYes) || aligned == Aligned::kUnknown;
    }
    co_return unknown || (question_.dkim_temporary && !told);
  }

  // RFC 7489 §3.1; `wanted` is false when the answer would not matter.
  Task<Aligned> compare(std::string given, char mode, bool wanted) {
    const auto domain = wanted ? comparable_domain(given) : std::nullopt;
    if (!domain) co_return Aligned::kNo;
    if (*domain == result_.from_domain) co_return Aligned::kYes;
    if (mode == 's') co_return Aligned::kNo;
    const std::string& ours = result_.organisational_domain;
    if (ours.empty()) co_return Aligned::kUnknown;
    // An organisational domain is the end of the name itself.
    if (!is_within(*domain, ours)) co_return Aligned::kNo;
    if (!question_.tree_walk)
      co_return suffixes_.organisational_domain(*domain) == ours ? Aligned::kYes : Aligned::kNo;
    std::string theirs = co_await walk(*domain);
    if (theirs.empty()) co_return Aligned::kUnknown;
    co_return theirs == ours ? Aligned::kYes : Aligned::kNo;
  }

  // The organisational domain, or "" when it could not be found.
  Task<std::string> walk(std::string domain) {
    const auto known = walked_.find(domain);
    if (known != walked_.end()) co_return known->second;
    // More different signers below one domain than that are no honest message.
    if (walked_.size() >= kMostWalks) co_return domain;
    DmarcDiscovery found = co_await discover_by_tree_walk(resolver_, domain);
    walked_[domain] = found.organisational_domain;
    co_return found.organisational_domain;
  }

  net::Resolver& resolver_;
  const SuffixList& suffixes_;
  const DmarcQuestion& question_;
  DmarcResult& result_;
  std::map<std::string, std::string> walked_;
};

// "t=y" is RFC 9989 §4.7, "pct" is RFC 7489 §6.6.4, which the revision dropped;
// both make a policy milder by one step, and once.
void apply_policy(DmarcResult& result, const crypto::RandomBelow& random) {
  if (result.verdict != DmarcVerdict::kFail) return;
  result.applied = result.published;
  if (result.record.testing) {
    result.applied = one_step_milder(result.published);
  } else if (!result.tree_walk && result.record.pct < 100 &&
             result.published != DmarcPolicy::kNone && random(100) >= result.record.pct) {
    result.sampled_out = true;
    result.applied = one_step_milder(result.published);
  }
}

// Trouble may hide a wish to refuse.
int severity(const DmarcResult& result) {
  switch (result.verdict) {
    case DmarcVerdict::kFail:
      return result.applied == DmarcPolicy::kReject       ? 7
             : result.applied == DmarcPolicy::kQuarantine ? 5
                                                          : 4;
    case DmarcVerdict::kTempError:
      return 6;
    case DmarcVerdict::kPermError:
      return 3;
    case DmarcVerdict::kNone:
      return 2;
    case DmarcVerdict::kPass:
      return 1;
  }
  return 0;
}

}  // namespace

std::string_view dmarc_verdict_name(DmarcVerdict verdict) {
  switch (verdict) {
    case DmarcVerdict::kNone:
      return "none";
    case DmarcVerdict::kPass:
      return "pass";
    case DmarcVerdict::kFail:
      return "fail";
    case DmarcVerdict::kTempError:
      return "temperror";
    case DmarcVerdict::kPermError:
      return "permerror";
  }
  return "none";
}

Task<DmarcResult> check_dmarc(net::Resolver& resolver, const SuffixList& suffixes,
                              DmarcQuestion question, crypto::RandomBelow random) {
  DmarcResult result;
  result.tree_walk = question.tree_walk;
  auto domain = comparable_domain(question.from_domain);
  if (!domain) {
    result.verdict = DmarcVerdict::kPermError;
    result.problem = "the From domain is no domain name";
    co_return result;
  }
  result.from_domain = std::move(*domain);
  Check check(resolver, suffixes, question, result);
  const bool has_record = co_await check.discover();
  if (!has_record) co_return result;
  co_await check.align();
  co_await check.choose_policy();
  apply_policy(result, random);
  co_return result;
}

DmarcResult strictest(std::vector<DmarcResult> results) {
  const auto worst = std::max_element(
      results.begin(), results.end(),
      [](const DmarcResult& a, const DmarcResult& b) { return severity(a) < severity(b); });
  return std::move(*worst);
}

}  // namespace fwd::mailauth
