#ifndef FWD_MAILAUTH_RESULTS_FORGED_RESULTS_H
#define FWD_MAILAUTH_RESULTS_FORGED_RESULTS_H

// Authentication-Results that came from outside and claim to be ours: they go
// before ours are added (RFC 8601 §5).

#include <string>
#include <vector>

#include "format/header_lines.h"

namespace fwd::mailauth {

// Whether it is an Authentication-Results whose authserv-id is one of `names` or
// below it, or one that cannot be read and has such a name somewhere in it.
// `names`: our host and our domain, as A-labels.  Others' results, and those of
// ARC, are not.
bool is_forged_results(const format::HeaderLine& field, const std::vector<std::string>& names);

}  // namespace fwd::mailauth

#endif
