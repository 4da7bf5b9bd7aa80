// How a host must be spoken to, and whether it was.
#include "mailauth/route/tls_policy.h"

#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

using net::ChainVerdict;

TlsPolicy refuse(TlsPolicy policy, bool is_permanent, std::string status, std::string reason) {
  policy.level = TlsLevel::kRefuse;
  policy.is_permanent = is_permanent;
  policy.status = std::move(status);
  policy.reason = std::move(reason);
  return policy;
}

TlsPolicy base_policy(const TlsQuestion& question, const MxHost& host) {
  TlsPolicy policy;
  policy.domain = question.domain;
  policy.server_name = host.name;
  policy.names.push_back(host.name);
  return policy;
}

// RFC 7672 §2.1.2, §2.2: whether there are records to be kept to.
TlsPolicy dane_failed(TlsPolicy policy, const Failure& failure) {
  policy.source = PolicySource::kTlsa;
  policy.trouble = "dnssec-invalid";
  const std::string host = policy.server_name;
  return refuse(std::move(policy), false, "4.7.5",
                "the TLSA records of " + host + " cannot be had (" + failure.private_text + ")");
}

void use_tlsa(TlsPolicy& policy, TlsaAnswer found, const MxRoute& route) {
  policy.source = PolicySource::kTlsa;
  policy.server_name = found.base;
  policy.names.assign({found.base});
  // RFC 7672 §3.2.2: the domain's own name will do as well.
  if (!same_word(route.domain, found.base)) policy.names.push_back(route.domain);
  policy.policy_strings = std::move(found.listed);
  policy.level = found.usable.empty() ? TlsLevel::kEncrypt : TlsLevel::kDane;
  if (found.usable.empty()) policy.trouble = "tlsa-invalid";
  policy.tlsa = std::move(found.usable);
}

// RFC 8461 §5.  `names_proven`: the host is one that the policy lists.
TlsPolicy use_sts(TlsPolicy policy, StsAnswer answer, bool& name_proven) {
  policy.trouble = std::move(answer.trouble);
  if (!policy.trouble.empty()) policy.source = PolicySource::kSts;
  if (!answer.policy || answer.policy->mode == StsMode::kNone) return policy;
  const StsPolicy& sts = *answer.policy;
  policy.source = PolicySource::kSts;
  policy.policy_strings = sts_lines(sts);
  policy.policy_mx_hosts = sts.patterns;
  const std::string host = policy.server_name;
  name_proven = sts_matches(sts, host);
  if (sts.mode == StsMode::kTesting) {
    policy.is_testing = true;
    if (!name_proven) policy.trouble = "validation-failure";
    return policy;
  }
  policy.level = TlsLevel::kVerify;
  if (name_proven) return policy;
  policy.trouble = "validation-failure";
  const std::string domain = policy.domain;
  return refuse(std::move(policy), false, "4.7.5",
                host + " is not in the MTA-STS policy of " + domain);
}

// RFC 8689 §4.2.1: the host's name must be proven by DNSSEC or MTA-STS, and its
// certificate by authorities or DANE.
TlsPolicy demand_tls(TlsPolicy policy, bool name_proven) {
  if (policy.level == TlsLevel::kDane || policy.level == TlsLevel::kVerify ||
      policy.level == TlsLevel::kRefuse)
    return policy;
  if (name_proven) {
    policy.level = TlsLevel::kVerify;
    return policy;
  }
  const std::string domain = policy.domain;
  return refuse(std::move(policy), true, "5.7.10",
                "the message requires TLS, and " + domain +
                    " proves its mail hosts neither by DNSSEC nor by MTA-STS");
}

// What the domain promised before is not known: rather later than in clear text.
TlsPolicy sts_failed(TlsPolicy policy, const Failure& failure) {
  const std::string domain = policy.domain;
  return refuse(
      std::move(policy), false, "4.7.5",
      "what " + domain + " promised by MTA-STS cannot be looked up (" + failure.private_text + ")");
}

std::string_view failure_word(ChainVerdict::Kind kind) {
  switch (kind) {
    case ChainVerdict::Kind::kWrongName:
      return "certificate-host-mismatch";
    case ChainVerdict::Kind::kExpired:
      return "certificate-expired";
    case ChainVerdict::Kind::kUntrusted:
      return "certificate-not-trusted";
    default:
      return "validation-failure";
  }
}

class Policies final : public TlsPolicies {
 public:
  Policies(net::Resolver& resolver, StsPolicies* sts, TlsPolicyOptions options,
           std::shared_ptr<const net::TrustStore> trust)
      : resolver_(resolver), sts_(sts), options_(std::move(options)), trust_(std::move(trust)) {}

  Task<TlsPolicy> policy_for(TlsQuestion question, const MxRoute& route,
                             const MxHost& host) override;
  TlsVerdict verify(const net::CertificateChain& chain, const TlsPolicy& policy) const override;

 private:
  net::Resolver& resolver_;
  StsPolicies* sts_;
  TlsPolicyOptions options_;
  std::shared_ptr<const net::TrustStore> trust_;
};

Task<TlsPolicy> Policies::policy_for(TlsQuestion question, const MxRoute& route,
                                     const MxHost& host) {
  TlsPolicy policy = base_policy(question, host);
  if (route.is_literal) {
    policy.server_name.clear();  // RFC 6066 §3: no addresses in SNI
    if (question.require_tls) co_return demand_tls(std::move(policy), false);
    co_return policy;
  }
  // RFC 8689 §4.2.2
  if (question.tls_optional && !question.require_tls) co_return policy;
  bool name_proven = route.is_secure_mx;
  if (options_.use_dane) {
    auto looking = find_tlsa(resolver_, route, host, question.port);
    Outcome<TlsaAnswer> found = co_await looking;
    if (!found.ok()) co_return dane_failed(std::move(policy), found.failure());
    if (found.value().is_found) use_tlsa(policy, std::move(found).value(), route);
  }
  // RFC 8461 §2: a host with DANE is held to DANE alone.  Records that cannot be
  // used are no DANE, and take nothing from what MTA-STS promises.
  if (policy.level != TlsLevel::kDane && options_.use_sts && sts_ != nullptr) {
    auto finding = sts_->find(question.domain);
    Outcome<StsAnswer> answer = co_await finding;
    if (!answer.ok()) co_return sts_failed(std::move(policy), answer.failure());
    bool is_listed = false;
    TlsPolicy promised = use_sts(base_policy(question, host), std::move(answer).value(), is_listed);
    if (promised.level >= policy.level) policy = std::move(promised);
    name_proven = name_proven || is_listed;
  }
  if (question.require_tls) co_return demand_tls(std::move(policy), name_proven);
  co_return policy;
}

TlsVerdict Policies::verify(const net::CertificateChain& chain, const TlsPolicy& policy) const {
  TlsVerdict verdict;
  if (policy.level == TlsLevel::kRefuse) return verdict;
  const bool must_be_good = policy.level == TlsLevel::kDane || policy.level == TlsLevel::kVerify;
  verdict.may_send = !must_be_good;
  if (!must_be_good && !policy.is_testing) return verdict;
  const ChainVerdict judged = policy.level == TlsLevel::kDane
                                  ? match_tlsa(chain, policy.tlsa, policy.names)
                                  : trust_->verify(chain, policy.names);
  verdict.is_verified = judged.good();
  verdict.may_send = verdict.may_send || judged.good();
  if (judged.good()) {
    verdict.how = policy.level == TlsLevel::kDane       ? "dane"
                  : policy.source == PolicySource::kSts ? "sts"
                                                        : "pkix";
  } else {
    verdict.result_type = failure_word(judged.kind);
    verdict.reason = judged.reason;
  }
  return verdict;
}

}  // namespace

std::string_view policy_source_name(PolicySource source) {
  switch (source) {
    case PolicySource::kSts:
      return "sts";
    case PolicySource::kTlsa:
      return "tlsa";
    default:
      return "no-policy-found";
  }
}

Outcome<std::unique_ptr<TlsPolicies>> TlsPolicies::make(net::Resolver& resolver, StsPolicies* sts,
                                                        TlsPolicyOptions options) {
  auto trust = net::TrustStore::load(options.trust);
  if (!trust.ok()) return trust.failure();
  std::unique_ptr<TlsPolicies> made =
      std::make_unique<Policies>(resolver, sts, std::move(options), std::move(trust).value());
  return made;
}

}  // namespace fwd::mailauth
