#ifndef FWD_MAILAUTH_DMARC_DMARC_DISCOVERY_H
#define FWD_MAILAUTH_DMARC_DMARC_DISCOVERY_H

// Finding a domain's DMARC record and its organisational domain in the DNS.

#include <cstdint>
#include <string>

#include "core/task.h"
#include "mailauth/dmarc/dmarc_record.h"
#include "mailauth/dmarc/organisational_domain.h"
#include "net/resolver.h"

namespace fwd::mailauth {

struct DmarcDiscovery {
  bool temporary = false;             // the record is not known: the DNS did not answer
  std::string policy_domain;          // "" without a record
  std::string organisational_domain;  // "" when the DNS did not answer
  DmarcRecord record;                 // as published
  std::string problem;                // in words
};

// `domain`: as comparable_domain() gives it.
// RFC 7489 §6.6.3: at the domain, at its organisational domain by the list, and
// (RFC 9091 §3) at the public suffix when the record there says "psd=y".
Task<DmarcDiscovery> discover_by_list(net::Resolver& resolver, const SuffixList& suffixes,
                                      std::string domain);
// RFC 9989 §4.10: up to eight questions from the domain to its top.
Task<DmarcDiscovery> discover_by_tree_walk(net::Resolver& resolver, std::string domain);

enum class Existence : std::uint8_t { kYes, kNo, kUnknown };
// Whether there is such a name: by RFC 9091 §2.7 one with A, AAAA or MX; by RFC
// 9989 §3.2.13 (`revised`) one that is not NXDOMAIN.
Task<Existence> domain_exists(net::Resolver& resolver, std::string domain, bool revised);

}  // namespace fwd::mailauth

#endif
