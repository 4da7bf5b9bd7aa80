#ifndef FWD_MAILAUTH_ROUTE_MTA_STS_H
#define FWD_MAILAUTH_ROUTE_MTA_STS_H

// MTA-STS (RFC 8461): a domain's promise which hosts take its mail, and that
// they show a certificate.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "model/state.h"
#include "net/resolver.h"

namespace fwd::mailauth {

enum class StsMode : std::uint8_t { kNone, kTesting, kEnforce };

struct StsPolicy {
  StsMode mode = StsMode::kNone;
  std::chrono::seconds max_age{};     // at most 31557600
  std::vector<std::string> patterns;  // "mail.example.com", "*.example.com"; lower case
};

// RFC 8461 §3.1: the id of `_mta-sts` TXT records; nothing when there is not
// exactly one STSv1 record, or it is malformed.
std::optional<std::string> parse_sts_record(const std::vector<std::string>& texts);
// RFC 8461 §3.2.  kBadInput: the private text says what is wrong.
Outcome<StsPolicy> parse_sts_policy(std::string_view file);
// The policy as a file's lines, for reports and to be parsed again.
std::vector<std::string> sts_lines(const StsPolicy& policy);
// RFC 8461 §4.1
bool sts_matches(const StsPolicy& policy, std::string_view host);

struct StsAnswer {
  std::optional<StsPolicy> policy;  // nothing: the domain has none that we know
  // RFC 8460 §4.3.2.2 when the promise is there but could not be read:
  // "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid".
  // `policy` is then the one of before, if it has not ended.
  std::string trouble;
  std::string reason;
};

// GETs https://mta-sts.<domain>/.well-known/mta-sts.txt by RFC 8461 §3.3 (see
// sts_fetch.h).  Failures: kDenied for a certificate that is not the host's,
// kBadInput for what cannot be a policy, others as they come.
using StsFetch = std::function<Task<Outcome<std::string>>(std::string domain)>;

// The policies we know.  They live in State below "bree.sts:<domain>" so that a
// restart forgets no promise.  Must outlive its tasks.
class StsPolicies {
 public:
  StsPolicies(net::Resolver& resolver, model::State& state, Clock& clock, StsFetch fetch);

  // The policy in force for mail to `domain` (A-labels, lower case).  Asks the
  // DNS for its id, fetches when that is new, and goes on with what was known
  // when either fails (RFC 8461 §5.1).  Fetches anew once a day, too, so that
  // who blocks the fetch cannot wait until a policy has ended (§10.2).  After a
  // failed fetch the next comes five minutes later at the earliest (§3.3), and
  // one domain's policy is fetched once at a time.  Fails as State does: what
  // was promised before is then not known, and no mail may go without it.
  Task<Outcome<StsAnswer>> find(std::string domain);

 private:
  struct Known;
  class Fetching;
  Task<Outcome<Known>> recall(std::string domain);
  Task<void> keep(std::string domain, Known known);
  Task<StsAnswer> fetch_new(std::string domain, std::string id, Known old);

  net::Resolver& resolver_;
  model::State& state_;
  Clock& clock_;
  StsFetch fetch_;
  std::map<std::string, std::shared_ptr<Event>> fetching_;  // until the fetch ends
};

}  // namespace fwd::mailauth

#endif
