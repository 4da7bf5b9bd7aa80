#ifndef FWD_MODEL_SENDER_RULES_H
#define FWD_MODEL_SENDER_RULES_H

// A domain's own lists of who may send to it: pure.
//
// An entry is an IP address; a mail address; a domain, which holds for names
// below it; or "*.tld", which holds for names below it only.  A denylist entry
// that fits refuses; else an allowlist that is not empty must have one that fits.
//
// At RCPT the author (From) is not known yet.  What is denied there is denied;
// an allowlist is decided there only when nothing of it could fit a From, else
// with the content, by the same function with the author among the addresses.

#include <cstdint>
#include <string>
#include <vector>

#include "model/deliveries.h"

namespace fwd::model {

// What is known of who sends.
struct SenderKeys {
  std::string ip;
  std::vector<std::string> hosts;      // names of the peer that were confirmed
  std::vector<std::string> addresses;  // envelope sender, author; "" is none
};

enum class RulesVerdict : std::uint8_t { kPass = 1, kDenied = 2, kNotAllowed = 3 };

struct RulesDecision {
  RulesVerdict verdict = RulesVerdict::kPass;
  std::string entry;  // that decided; "" when none did
};
RulesDecision rules_verdict(const RecipientRules& rules, const SenderKeys& keys);

// Whether an author could still fit the allowlist.
bool may_fit_author(const RecipientRules& rules);

// Whether what is known with the content only may decide: an author, a host.
bool needs_content(const RecipientRules& rules);

}  // namespace fwd::model

#endif
