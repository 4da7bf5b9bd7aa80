#ifndef FWD_MAILAUTH_ROUTE_RECIPIENT_RECORDS_H
#define FWD_MAILAUTH_ROUTE_RECIPIENT_RECORDS_H

// Recipients of domains whose aliases stand in the DNS.

#include "core/outcome.h"
#include "core/task.h"
#include "model/deliveries.h"
#include "net/resolver.h"

namespace fwd::mailauth {

// What the directory says of a recipient of kAsksDns when it is given the TXT records
// of its domain.  kUnavailable without a resolver (null), or an answer of the DNS.
Task<Outcome<model::Recipient>> find_by_records(model::Deliveries& deliveries,
                                                net::Resolver* resolver, model::Recipient found);

}  // namespace fwd::mailauth

#endif
