#ifndef FWD_MAILAUTH_SPF_IPREV_H
#define FWD_MAILAUTH_SPF_IPREV_H

// Whether a client's address has a name that leads back to it (RFC 8601 §3).

#include <cstdint>
#include <string>
#include <string_view>

#include "core/task.h"
#include "net/resolver.h"

namespace fwd::mailauth {

struct IprevResult {
  enum class Verdict : std::uint8_t {
    kPass,
    kFail,       // it has names, and none leads back
    kTempError,  // the DNS did not answer
    kPermError,  // it has no name
  };
  Verdict verdict = Verdict::kPermError;
  std::string name;     // that leads back, or the first that does not; lower case, "" without one
  std::string problem;  // for people: why it is no pass
};

// "pass", "fail", "temperror", "permerror" (RFC 8601 §2.7.3).
std::string_view iprev_word(IprevResult::Verdict verdict);

// Tries the first five names.  IPv4 inside IPv6 counts as IPv4; what is no
// address at all is a permerror.
Task<IprevResult> check_iprev(net::Resolver& resolver, std::string ip);

}  // namespace fwd::mailauth

#endif
