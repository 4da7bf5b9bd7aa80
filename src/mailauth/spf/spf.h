#ifndef FWD_MAILAUTH_SPF_SPF_H
#define FWD_MAILAUTH_SPF_SPF_H

// SPF: whether a host may send for a domain (RFC 7208, RFC 8616 §4).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/task.h"
#include "net/resolver.h"

namespace fwd::mailauth {

enum class SpfVerdict : std::uint8_t {
  kNone,
  kNeutral,
  kPass,
  kFail,
  kSoftFail,
  kTempError,
  kPermError,
};

// "none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"
// (RFC 8601 §2.7.2).
std::string_view spf_word(SpfVerdict verdict);

struct SpfQuestion {
  std::string ip;              // of the client; IPv4 inside IPv6 counts as IPv4
  std::string helo;            // as the client said it
  std::string sender;          // "user@domain"; "" for the null path: then postmaster@helo (§2.4)
  std::string host;            // our name, for %{r}
  std::int64_t unix_time = 0;  // for %{t}
};

struct SpfLimits {
  std::uint32_t lookups = 10;      // terms that ask the DNS, in all (§4.6.4)
  std::uint32_t void_lookups = 2;  // of them without an answer (§4.6.4)
  std::size_t names = 10;          // hosts of one "mx", names of the client for "ptr" (§4.6.4)
  std::size_t explanation = 500;   // octets; the rest is cut off
  std::size_t record = 16384;      // octets; a longer one is a permerror
};

struct SpfResult {
  SpfVerdict verdict = SpfVerdict::kNone;
  // That was asked: A-labels, lower case; what is no domain as it came, but at
  // most 255 octets of printable ASCII.
  std::string domain;
  bool by_helo = false;   // the HELO name was checked, for want of a sender
  std::string mechanism;  // that decided: "ip4:192.0.2.0/24", or "default"; "" without a decision
  // For people: why it is none, temperror or permerror.  Printable ASCII.
  std::string problem;
  // What the domain says to the sender, for kFail; "" without.  A stranger's
  // words (§11.5), but printable ASCII only.
  std::string explanation;
  std::uint32_t lookups = 0;  // terms that asked the DNS
};

// check_host() of RFC 7208 §4.  Each question to the DNS ends by the resolver's
// own limit; at most 2 + (lookups + 1) * (1 + names) are asked, one after another.
// Who wants an end before that ends the task (§4.6.4: not before 20 seconds).
Task<SpfResult> check_spf(net::Resolver& resolver, SpfQuestion question, SpfLimits limits = {});

}  // namespace fwd::mailauth

#endif
