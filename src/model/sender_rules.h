#ifndef FWD_MODEL_SENDER_RULES_H
#define FWD_MODEL_SENDER_RULES_H

// A domain's own lists of who may send to it: pure.
//
// An entry is an IP address; a mail address; a domain, which holds for names
// below it; or "*.tld", which holds for names below it only.  A denylist entry
// that fits refuses; else an allowlist that is not empty must have one that fits.
//
// Who is denied is taken at his word; who is allowed must be proven, as anybody
// can write a name.  So at RCPT, where nothing is proven and the author (From) not
// known, what is denied is denied, but an allowlist is decided only when nothing
// of it could fit a name; else with the content, by the same function.

#include <cstdint>
#include <string>
#include <vector>

#include "model/deliveries.h"

namespace fwd::model {

// What is known of who sends.
struct SenderKeys {
  std::string ip;
  std::vector<std::string> hosts;      // names of the peer that were confirmed
  std::vector<std::string> addresses;  // envelope sender, author, as written; "" is none
  std::vector<std::string> proven;     // those of them that allow
};

enum class RulesVerdict : std::uint8_t { kPass = 1, kDenied = 2, kNotAllowed = 3 };

struct RulesDecision {
  RulesVerdict verdict = RulesVerdict::kPass;
  std::string entry;  // that decided; "" when none did
};
RulesDecision rules_verdict(const RecipientRules& rules, const SenderKeys& keys);

// Whether what is proven with the content only could fit the allowlist: a name.
bool may_fit_author(const RecipientRules& rules);

// Whether what is known with the content only may decide: an author, a host.
bool needs_content(const RecipientRules& rules);

}  // namespace fwd::model

#endif
