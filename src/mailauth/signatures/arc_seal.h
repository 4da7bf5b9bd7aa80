#ifndef FWD_MAILAUTH_SIGNATURES_ARC_SEAL_H
#define FWD_MAILAUTH_SIGNATURES_ARC_SEAL_H

// Continuing an Authenticated Received Chain (RFC 8617 §5.1).

#include <cstdint>
#include <string>

#include "core/outcome.h"
#include "mailauth/signatures/arc_result.h"
#include "mailauth/signatures/message_view.h"

namespace fwd::mailauth {

struct ArcSeal {
  std::string domain, selector;
  std::string secret;                    // RSA, PKCS#8 in PEM
  std::string authserv_id;               // who checked the message
  std::string results;                   // RFC 8601's resinfo, "" for none: put behind "i=N; id; "
  ArcVerdict chain = ArcVerdict::kNone;  // what the chain was worth when the message came in
  std::int64_t unix_time = 0;            // for t=
};

// The three fields, each with its CRLF, to put before the message, ARC-Seal
// first; "" when the chain must not go on: it has 50 sets, or its newest says
// cv=fail.  `message`: as it goes out.  Blocks (about a millisecond, and
// hashing the body).  kBadInput: no From, `results` has a line
// end that folds nothing, or `chain` is not what the message shows;
// kCorrupt: the key cannot be used.
Outcome<std::string> seal_arc(const MessageView& message, const ArcSeal& seal);

}  // namespace fwd::mailauth

#endif
