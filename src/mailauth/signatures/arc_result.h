#ifndef FWD_MAILAUTH_SIGNATURES_ARC_RESULT_H
#define FWD_MAILAUTH_SIGNATURES_ARC_RESULT_H

// What an Authenticated Received Chain is worth (RFC 8617 §5.2).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

enum class ArcVerdict : std::uint8_t { kNone, kPass, kFail };
std::string_view arc_word(ArcVerdict verdict);  // "pass", as cv= and arc= have it

struct ArcResult {
  ArcVerdict verdict = ArcVerdict::kNone;
  bool is_temporary = false;  // kFail because a key could not be asked for
  std::uint32_t instances = 0;
  // Of a chain whose sets are in order, whatever their signatures are worth:
  std::string newest_domain, newest_selector;  // d= and s= of the newest ARC-Seal
  std::vector<std::string> domains;            // d= of every ARC-Seal, oldest first
  bool signs_whole_body = false;               // no l= in the newest ARC-Message-Signature
  std::string newest_results;  // the newest ARC-Authentication-Results behind "i=N;", unfolded
  // Of kPass: the oldest set whose ARC-Message-Signature still fits the
  // message; 0 when all do (RFC 8617 §5.2).
  std::uint32_t oldest_pass = 0;
  std::string problem;  // for people; "" unless kFail
};

}  // namespace fwd::mailauth

#endif
