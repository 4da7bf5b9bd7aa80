#ifndef FWD_MAILAUTH_DMARC_DMARC_REPORT_H
#define FWD_MAILAUTH_DMARC_DMARC_REPORT_H

// What DMARC aggregate reports (RFC 7489 §7.2) are made of: one journal entry,
// event "mx.dmarc", for every message that was judged.  Only collecting.

#include <cstdint>
#include <string>
#include <vector>

#include "mailauth/dmarc/dmarc.h"
#include "model/journal.h"

namespace fwd::mailauth {

// Why we did not do what the domain's policy says; the words are those of
// PolicyOverrideType (RFC 7489 Appendix C; "policy_test_mode" is of its revision).
enum class DmarcOverride : std::uint8_t {
  kNone,
  kTrustedForwarder,
  kSampledOut,      // "pct"
  kPolicyTestMode,  // "t=y"
  kLocalPolicy,
};

struct DmarcReportFacts {
  std::string message_id;     // our log's id
  std::string source_ip;      // the peer
  std::string envelope_from;  // domain of MAIL FROM; "" for "<>"
  std::string envelope_to;    // domain of RCPT TO
  std::string spf_domain;     // what SPF was asked about
  bool spf_is_helo = false;
  std::string spf_word;                          // "pass", …; "" when SPF was not asked
  std::vector<AlignmentFact> dkim;               // at most 50 are kept
  DmarcPolicy disposition = DmarcPolicy::kNone;  // what was done with the message
  DmarcOverride reason = DmarcOverride::kNone;   // kNone: as "pct" or "t" made it
  std::string comment;                           // on the reason; at most 200 octets kept
};

// Fields: "result", "header-from", "envelope-from", "envelope-to", "source-ip",
// "disposition", "dkim" and "spf" (aligned: "pass" or "fail"), "reason", "comment",
// "auth-dkim" ("example.com selector pass; …"), "auth-spf" ("example.com mfrom
// pass"); with a record also "policy-domain", "discovery" ("psl" or "treewalk"),
// "p", "sp", "np", "pct", "adkim", "aspf", "fo", "testing", "rua", "ruf".
model::JournalEntry dmarc_entry(const DmarcResult& result, const DmarcReportFacts& facts);

}  // namespace fwd::mailauth

#endif
