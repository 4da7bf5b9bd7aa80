#ifndef FWD_MODEL_POSTMASTER_H
#define FWD_MODEL_POSTMASTER_H

// Who gets mail for <Postmaster> without a domain (RFC 5321 §4.5.1).

#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "model/deliveries.h"

namespace fwd::model {

// The one the operator named (`named`, may be empty), else postmaster at `host`
// or the nearest domain above it that is ours, else that of our first domain.
// `deliveries` must outlive the task.
Task<Outcome<Recipient>> find_postmaster(Deliveries& deliveries, std::string named,
                                         std::string host);

}  // namespace fwd::model

#endif
