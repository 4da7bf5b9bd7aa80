#ifndef FWD_MAILAUTH_ROUTE_TLS_POLICY_H
#define FWD_MAILAUTH_ROUTE_TLS_POLICY_H

// The one question delivery asks about TLS: how must this host be spoken to for
// mail to this domain?  And, after the handshake: was it so?
//
//   route  = find_route(domain)                     mx_route.h
//   for host in route.hosts:
//     policy = tls.policy_for(question, route, host)
//     kRefuse: next host.  Connect, EHLO, STARTTLS (demanded unless
//       kOpportunistic) with SNI policy.server_name and no trust at the handshake
//     verdict = tls.verify(stream.tls().peer_chain, policy)
//     not verdict.may_send: QUIT, next host
//
// Order (RFC 8461 §2: DANE is never overridden by MTA-STS):
//   TLS-Required: No > REQUIRETLS's floor > DANE > MTA-STS > opportunistic.
// TLSA records of which none can be used demand encryption (RFC 7672 §2.2) and
// leave MTA-STS in force.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.h"
#include "mailauth/route/dane.h"
#include "mailauth/route/mta_sts.h"
#include "mailauth/route/mx_route.h"
#include "net/certificate_chain.h"
#include "net/resolver.h"

namespace fwd::mailauth {

// The later the stricter.
enum class TlsLevel : std::uint8_t {
  kOpportunistic,  // TLS when offered, unchecked; clear text when there is none or it fails
  kEncrypt,        // TLS or nothing, unchecked
  kVerify,         // TLS, and a certificate for one of `names`
  kDane,           // TLS, and a chain that matches one of `tlsa`
  kRefuse,         // this host must not be used
};

enum class PolicySource : std::uint8_t { kNone, kSts, kTlsa };
// RFC 8460 §4.4: "no-policy-found", "sts", "tlsa".
std::string_view policy_source_name(PolicySource source);

struct TlsPolicy {
  TlsLevel level = TlsLevel::kOpportunistic;
  PolicySource source = PolicySource::kNone;
  // MTA-STS in mode "testing": level is kOpportunistic, but verify() looks and
  // says what would have failed (RFC 8461 §5).
  bool is_testing = false;
  std::string server_name;         // for SNI (RFC 7672 §8.1, RFC 8461 §7.2)
  std::vector<std::string> names;  // RFC 7672 §3.2.2, RFC 8461 §4.1
  std::vector<TlsaRecord> tlsa;

  // With kRefuse.
  bool is_permanent = false;
  std::string status;  // RFC 3463: "4.7.5", "5.7.10"
  std::string reason;  // for the sender

  // For reports (RFC 8460 §4.4).
  std::string domain;                        // policy-domain
  std::vector<std::string> policy_strings;   // the STS policy's lines, or the TLSA records
  std::vector<std::string> policy_mx_hosts;  // the STS policy's mx patterns
  // What went wrong with the policy itself, a word of RFC 8460 §4.3
  // ("dnssec-invalid", "sts-policy-fetch-error", …); empty when nothing did.
  std::string trouble;
};
inline bool may_use_clear_text(const TlsPolicy& policy) {
  return policy.level == TlsLevel::kOpportunistic;
}

struct TlsVerdict {
  bool may_send = false;
  bool is_verified = false;  // we know who it is
  std::string how;           // for AttemptResult::tls: "dane", "sts", "pkix", "" unverified
  std::string result_type;   // RFC 8460 §4.3 on failure: "certificate-expired", …
  std::string reason;        // for the log and the report
};

struct TlsQuestion {
  std::string domain;         // the recipient's
  bool require_tls = false;   // RFC 8689 §2
  bool tls_optional = false;  // RFC 8689 §3, "TLS-Required: No"; REQUIRETLS wins
  std::uint16_t port = 25;
};

struct TlsPolicyOptions {
  bool use_dane = true;
  bool use_sts = true;
  std::string trust = "system";  // authorities for kVerify: or a PEM file
};

class TlsPolicies {
 public:
  // `sts` may be null when use_sts is false.  kUnavailable when the authorities
  // cannot be read.
  static Outcome<std::unique_ptr<TlsPolicies>> make(net::Resolver& resolver, StsPolicies* sts,
                                                    TlsPolicyOptions options);
  virtual ~TlsPolicies() = default;

  // `route` and `host` must outlive the task.
  virtual Task<TlsPolicy> policy_for(TlsQuestion question, const MxRoute& route,
                                     const MxHost& host) = 0;
  // `chain`: what the peer showed; only after a handshake that went well.
  virtual TlsVerdict verify(const net::CertificateChain& chain, const TlsPolicy& policy) const = 0;
};

}  // namespace fwd::mailauth

#endif
