#ifndef FWD_MAILAUTH_RESULTS_METHOD_RESULTS_H
#define FWD_MAILAUTH_RESULTS_METHOD_RESULTS_H

// The results of our checks with the properties that RFC 8601 §2.7 and the
// registry of its methods give them.

#include <string>

#include "mailauth/dmarc/dmarc.h"
#include "mailauth/results/authentication_results.h"

namespace fwd::mailauth {

// `identity`: MAIL FROM's address or domain, or with `is_helo` HELO's name.
MethodResult spf_result(std::string word, std::string identity, bool is_helo,
                        std::string comment = "");

struct DkimFacts {
  std::string word;       // "pass", …
  std::string comment;    // "2048-bit key", "body hash did not verify"
  std::string domain;     // d=; "" leaves a property out, here and below
  std::string selector;   // s=
  std::string identity;   // i=
  std::string algorithm;  // a=
  std::string signature;  // b=, of which the first eight letters are written (RFC 6008 §4)
};
MethodResult dkim_result(const DkimFacts& facts);

// "dmarc=fail (p=reject sp=none dis=quarantine) header.from=example.com
// policy.dmarc=quarantine"; "pct" and "t" in the comment where they count.
MethodResult dmarc_result(const DmarcResult& result);

// `oldest_pass`: the number of the oldest set that still holds, "" without one
// (RFC 8617 §5.2); `remote_ip` as text.
MethodResult arc_result(std::string word, std::string oldest_pass, std::string remote_ip,
                        std::string comment = "");

// `name`: what the address is called, if that was confirmed.
MethodResult iprev_result(std::string word, std::string ip, std::string name = "");

}  // namespace fwd::mailauth

#endif
