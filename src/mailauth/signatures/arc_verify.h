#ifndef FWD_MAILAUTH_SIGNATURES_ARC_VERIFY_H
#define FWD_MAILAUTH_SIGNATURES_ARC_VERIFY_H

// RFC 8617 §5.2, but for asking the DNS.

#include <cstdint>
#include <vector>

#include "mailauth/signatures/arc_result.h"
#include "mailauth/signatures/arc_set.h"
#include "mailauth/signatures/message_verifier.h"

namespace fwd::mailauth {

// A chain on its way to a result.
struct ArcCase {
  bool is_open = false;  // its signatures are still to be verified
  std::vector<ArcSet> sets;
  ArcResult result;
};

// Steps 1 to 3: its structure.
ArcCase open_chain(const MessageView& message, std::int64_t unix_time, const AuthLimits& limits);

// Steps 4 to 7, with the keys of its sets at hand.  Blocks.
void verify_chain(const MessageView& message, ArcCase& chain);

}  // namespace fwd::mailauth

#endif
