// What Authentication-Results says of each check.
#include "mailauth/results/method_results.h"

#include <utility>

namespace fwd::mailauth {
namespace {

constexpr std::size_t kSignatureLetters = 8;

void put(MethodResult& result, const char* name, std::string value) {
  if (!value.empty()) result.properties.emplace_back(name, std::move(value));
}

std::string policy_comment(const DmarcResult& result) {
  const DmarcRecord& record = result.record;
  std::string text = "p=";
  text += dmarc_policy_name(record.policy_for(false, true));
  if (record.sp) text.append(" sp=").append(dmarc_policy_name(*record.sp));
  if (record.np) text.append(" np=").append(dmarc_policy_name(*record.np));
  if (result.sampled_out) text += " pct=" + std::to_string(record.pct);
  if (record.testing) text += " t=y";
  return text.append(" dis=").append(dmarc_policy_name(result.applied));
}

}  // namespace

MethodResult spf_result(std::string word, std::string identity, bool is_helo, std::string comment) {
  MethodResult result{"spf", std::move(word), std::move(comment), {}, {}};
  put(result, is_helo ? "smtp.helo" : "smtp.mailfrom", std::move(identity));
  return result;
}

MethodResult dkim_result(const DkimFacts& facts) {
  MethodResult result{"dkim", facts.word, facts.comment, {}, {}};
  put(result, "header.d", facts.domain);
  put(result, "header.s", facts.selector);
  put(result, "header.i", facts.identity);
  put(result, "header.a", facts.algorithm);
  put(result, "header.b", facts.signature.substr(0, kSignatureLetters));
  return result;
}

MethodResult dmarc_result(const DmarcResult& result) {
  MethodResult written{"dmarc", std::string(dmarc_verdict_name(result.verdict)), {}, {}, {}};
  const bool has_policy =
      !result.policy_domain.empty() && result.verdict != DmarcVerdict::kPermError;
  // What the resolver said is for our log only.
  if (has_policy)
    written.comment = policy_comment(result);
  else if (result.verdict == DmarcVerdict::kTempError)
    written.comment = "no answer from the DNS";
  else
    written.comment = result.problem;
  put(written, "header.from", result.from_domain);
  if (has_policy) {
    const bool failed = result.verdict == DmarcVerdict::kFail;
    put(written, "policy.dmarc",
        std::string(dmarc_policy_name(failed ? result.applied : result.published)));
  }
  return written;
}

MethodResult arc_result(std::string word, std::string oldest_pass, std::string remote_ip,
                        std::string comment) {
  MethodResult result{"arc", std::move(word), std::move(comment), {}, {}};
  put(result, "header.oldest-pass", std::move(oldest_pass));
  put(result, "smtp.remote-ip", std::move(remote_ip));
  return result;
}

MethodResult iprev_result(std::string word, std::string ip, std::string name) {
  MethodResult result{"iprev", std::move(word), std::move(name), {}, {}};
  put(result, "policy.iprev", std::move(ip));
  return result;
}

}  // namespace fwd::mailauth
