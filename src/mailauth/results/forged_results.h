#ifndef FWD_MAILAUTH_RESULTS_FORGED_RESULTS_H
#define FWD_MAILAUTH_RESULTS_FORGED_RESULTS_H

// Authentication-Results that came from outside and claim to be ours: they go
// before ours are added (RFC 8601 §5).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

struct OctetRange {
  std::size_t begin = 0;
  std::size_t size = 0;
  bool operator==(const OctetRange&) const = default;
};

// The whole lines of those fields of `header` whose authserv-id is one of
// `names` or below it, and of those that cannot be read and have such a name
// somewhere in them; in order.  `names`: our host and our domain, as A-labels.
// Others' results, and those of ARC, stay.
std::vector<OctetRange> find_forged(std::string_view header, const std::vector<std::string>& names);

// `text` without these ranges, which are in order and do not overlap.
std::string without_ranges(std::string_view text, const std::vector<OctetRange>& ranges);

}  // namespace fwd::mailauth

#endif
