#ifndef FWD_MAILAUTH_DMARC_DMARC_RECORD_H
#define FWD_MAILAUTH_DMARC_DMARC_RECORD_H

// DMARC policy records: the grammar of RFC 7489 §6.3 and of RFC 9989 §4.7.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

enum class DmarcPolicy : std::uint8_t { kNone, kQuarantine, kReject };

std::string_view dmarc_policy_name(DmarcPolicy policy);
// reject → quarantine → none
DmarcPolicy one_step_milder(DmarcPolicy policy);

struct DmarcRecord {
  // psd=y: others register names below this one.  psd=n: this is an
  // organisational domain.
  enum class Psd : std::uint8_t { kUnknown, kYes, kNo };

  std::optional<DmarcPolicy> p, sp, np;                // nothing: not there, or not valid
  bool bad_p = false, bad_sp = false, bad_np = false;  // there, but not valid
  char adkim = 'r', aspf = 'r';                        // relaxed or strict
  std::uint32_t pct = 100;                             // 0 to 100
  bool testing = false;                                // t=y
  Psd psd = Psd::kUnknown;
  std::string fo = "0";          // as written
  std::uint32_t ri = 86400;      // seconds
  std::vector<std::string> rua;  // URIs as written, "!10m" included; those with
  std::vector<std::string> ruf;  // syntax errors are left out; at most 20

  // By the rule for policies that are not valid (RFC 7489 §6.6.3, RFC 9989
  // §4.10.1): with a valid `rua` the record becomes "p=none"; false when the
  // record says nothing that could be applied.  `revised`: a record without "p"
  // says "p=none", and a bad "np" counts as a bad "sp" does.
  bool settle(bool revised);
  // For the record's own domain, or for a name below it that exists or does not
  // (RFC 9091 §3.2).  After settle().
  DmarcPolicy policy_for(bool is_below, bool exists) const;
};

// Nothing unless `text` begins with "v=DMARC1".  Unknown tags are passed over;
// a value with syntax errors, or of a tag that stands twice, counts as absent
// but for the bad_ marks.
std::optional<DmarcRecord> parse_dmarc_record(std::string_view text);

}  // namespace fwd::mailauth

#endif
