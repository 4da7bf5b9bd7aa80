#ifndef FWD_SERVICE_DELIVERY_ISSUES_H
#define FWD_SERVICE_DELIVERY_ISSUES_H

// Tells those who look after an address that what it forwards to has refused a
// message for good, or was tried in vain for as long as mail is tried.
//
//   who    the alias's mailbox and its owner, and the domain's admins; where no admin
//          can be reached the domain's postmaster, else this host's
//   when   once in issue_repeat for a domain and a destination, and issues_per_day
//          at most for a domain; both are remembered in the state, over restarts
//   never  while the sender waits and is told himself; of what has no sender, as our
//          own mail of this kind has none; to the destination itself

#include <vector>

#include "service/delivery/context.h"
#include "service/delivery/recorder.h"

namespace fwd::delivery {

// The mail to go with `report` of what came of `claim`; mostly none.  Trouble is
// logged, and no reason to hold the report back.  A report that is made again, as
// nobody took the first, gets the same mail again.
Task<std::vector<model::NewOutbound>> tell_owners(const DeliveryContext& context,
                                                  const DeliveryOptions& options,
                                                  Recorder& recorder, const model::Claim& claim,
                                                  const model::Report& report);

}  // namespace fwd::delivery

#endif
