#ifndef FWD_MAILAUTH_SIGNATURES_ARC_VERIFY_H
#define FWD_MAILAUTH_SIGNATURES_ARC_VERIFY_H

// RFC 8617 §5.2, but for asking the DNS.

#include <cstdint>
#include <string>
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
  // What their signatures must fit, once verify_newest() has worked it out.
  std::vector<std::string> body_hashes, seal_hashes;
};

// Steps 1 to 3: its structure.
ArcCase open_chain(const MessageView& message, std::int64_t unix_time, const AuthLimits& limits);

// Whose keys the next two want, the more important first.
std::vector<const Signature*> newest_signatures(const ArcCase& chain);
std::vector<const Signature*> older_signatures(const ArcCase& chain);

// Step 4, and step 6 of the newest seal; both block.
void verify_newest(const MessageView& message, ArcCase& chain);
// Steps 5 to 7.
void verify_older(const MessageView& message, ArcCase& chain);

}  // namespace fwd::mailauth

#endif
