#ifndef FWD_MAILAUTH_SIGNATURES_ARC_SET_H
#define FWD_MAILAUTH_SIGNATURES_ARC_SET_H

// The sets of a chain, found and put in order (RFC 8617 §4.2).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailauth/signatures/dkim_key.h"
#include "mailauth/signatures/dkim_signature.h"
#include "mailauth/signatures/message_view.h"

namespace fwd::mailauth {

inline constexpr std::uint32_t kMostArcSets = 50;  // RFC 8617 §4.2.1

struct ArcSet {
  std::uint32_t results = 0;  // the place of ARC-Authentication-Results
  Signature message, seal;
  std::string message_problem;  // why `message` cannot be verified; "" when it may be
  DkimKey message_key, seal_key;
};

struct ArcChain {
  bool is_there = false;      // there is a field of ARC
  std::uint32_t highest = 0;  // instance of any field that has one
  bool has_failed = false;    // the seal of the highest instance says cv=fail
  std::string problem;        // what breaks its order (RFC 8617 §5.2, steps 1 to 3)
  std::vector<ArcSet> sets;   // oldest first; empty when there is a problem
};
ArcChain read_chain(const MessageView& message, std::size_t most_sets, std::size_t most_names);

// What stands behind "i=N;" of an ARC-Authentication-Results, and N; nothing
// for one that does not begin like that (RFC 8617 §4.1.1).
struct ArcResults {
  std::uint32_t instance = 0;
  std::string_view text;
};
std::optional<ArcResults> read_arc_results(std::string_view value);

}  // namespace fwd::mailauth

#endif
