#ifndef FWD_MAILAUTH_DMARC_DMARC_H
#define FWD_MAILAUTH_DMARC_DMARC_H

// DMARC (RFC 7489, RFC 9091 and their revision RFC 9989): whether what passed
// SPF or DKIM belongs to the domain of the header From, and what that domain
// wishes for mail where nothing does.

#include <cstdint>
#include <string>
#include <vector>

#include "core/task.h"
#include "crypto/random.h"
#include "mailauth/dmarc/dmarc_record.h"
#include "mailauth/dmarc/organisational_domain.h"
#include "net/resolver.h"

namespace fwd::mailauth {

// One DKIM signature and how it fared.
struct AlignmentFact {
  std::string domain;  // d=
  std::string selector;
  std::string word;  // of RFC 8601 §2.7.1: "pass", "fail", "temperror", …
  bool pass = false;
};

struct DmarcQuestion {
  std::string from_domain;  // see from_domain.h
  bool spf_pass = false;
  std::string spf_domain;      // what SPF was asked about: MAIL FROM's, or HELO's for "<>"
  bool spf_temporary = false;  // SPF could not be finished now
  std::vector<AlignmentFact> dkim;
  bool dkim_temporary = false;  // some signature could not be checked now
  // Find the organisational domain by RFC 9989 §4.10 instead of the list.
  bool tree_walk = false;
};

enum class DmarcVerdict : std::uint8_t {
  kNone,       // the domain has no policy, so DMARC does not apply
  kPass,       // something aligned passed
  kFail,       // nothing did
  kTempError,  // the DNS did not answer what the verdict hangs on
  kPermError,  // the record, or the From domain, cannot be made sense of
};
// As RFC 8601 §2.7 spells it for dmarc: "none", "pass", "fail", …
std::string_view dmarc_verdict_name(DmarcVerdict verdict);

struct DmarcResult {
  DmarcVerdict verdict = DmarcVerdict::kNone;
  std::string from_domain;            // as it was compared
  std::string policy_domain;          // where the record stood; "" without one
  std::string organisational_domain;  // of the From domain; "" when it could not be found
  // p, sp or np as it applies to this From domain; told with every verdict that
  // has a record (for kTempError, too: "none" needs no second try).
  DmarcPolicy published = DmarcPolicy::kNone;
  // After "pct" and "t": what the domain asks for now.  kNone unless kFail.
  DmarcPolicy applied = DmarcPolicy::kNone;
  bool sampled_out = false;  // "pct" made it milder
  bool spf_aligned = false;  // aligned and passed
  bool dkim_aligned = false;
  bool tree_walk = false;
  DmarcRecord record;   // settled; defaults without one
  std::string problem;  // in words, for logs and comments; may be ""
};

// Never fails: trouble is a verdict.  At most some 100 questions to the DNS with
// `tree_walk`, 6 without.  `random` draws the sample of "pct".  An aligned
// signature or SPF identity that merely could not be checked makes kTempError of
// what would be kFail; one that could not align anyway does not.
Task<DmarcResult> check_dmarc(net::Resolver& resolver, const SuffixList& suffixes,
                              DmarcQuestion question, crypto::RandomBelow random);

// Of the answers for a From with several domains the one that counts: a failure
// with "reject", trouble, milder failures, kPermError, kNone, and a pass only when
// all are (RFC 7489 §6.6.1).  `results` is not empty.
DmarcResult strictest(std::vector<DmarcResult> results);

}  // namespace fwd::mailauth

#endif
