#ifndef FWD_DOOR_SUBMISSION_RULES_H
#define FWD_DOOR_SUBMISSION_RULES_H

// What one who sends may send: pure, on what the directory says of them.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/submission.h"
#include "storage/directory/directory_file.h"

namespace fwd::door {

struct SubmissionLimits {
  std::size_t recipients = 50;                     // of one message
  std::uint64_t octets = std::uint64_t{50} << 20;  // of one message
  std::uint64_t daily = 300;  // messages, of a user and of a domain that say none
  std::chrono::hours furthest = std::chrono::hours(24 * 30);  // a message may wait for its hour
  std::string host;  // what mail of local programs goes out under: "root@" this
  std::vector<std::string> trusted_users;  // local users who may be any sender, beside root
};

// kCannot, kDenied: the domain may not send.
Outcome<void> check_domain(const model::Domain& domain);
// kDenied: the alias, whose address it is, may not send.
Outcome<void> check_alias(const model::Alias& alias, const std::string& address);
// kDenied: the domain does not send to one of them.
Outcome<void> check_recipients(const model::Domain& domain, const model::NewOutbound& message);
// kOverLimit, kDenied, kBadInput: bounds that hold for everybody.  `now` in ms.
Outcome<void> check_bounds(const model::NewOutbound& message, const SubmissionLimits& limits,
                           std::int64_t now);
// kDenied: the content's one From is not `header_from`, by which all else is
// decided.  Whoever carries the message is not taken at his word.
Outcome<void> check_from(const model::NewOutbound& message);
// kDenied: the senders named are not theirs to use.
// The null sender is anybody's: receipts need it (RFC 8098 §3).
Outcome<void> check_senders(const model::Sender& sender, const model::Domain& domain,
                            const model::NewOutbound& message);
// The same for a local program that is not trusted.
Outcome<void> check_local_senders(const model::Sender& sender, const model::NewOutbound& message);

// A count of messages a day that this one adds to.
struct DailyCount {
  std::string key;  // of the counter
  std::uint64_t most = 0;
  std::string whose;  // for the person
};
std::vector<DailyCount> daily_counts(const directory::SenderRecord& sender,
                                     const SubmissionLimits& limits);

}  // namespace fwd::door

#endif
