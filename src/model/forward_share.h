#ifndef FWD_MODEL_FORWARD_SHARE_H
#define FWD_MODEL_FORWARD_SHARE_H

// Who passes a message on: one address may lead through several hosted domains.

#include <string>
#include <vector>

#include "model/deliveries.h"

namespace fwd::model {

// The destinations that one domain names: they are one forward.
struct ForwardShare {
  std::string domain_id;
  std::string domain;  // its name, A-labels
  // Of the alias that was asked for in its own domain; elsewhere of the first that
  // names a destination.  "" for TXT records.
  std::string alias_id;
  std::vector<Destination> destinations;  // in the order given
};

// `destinations`: all or some of found.destinations.  In the order of the first of each.
std::vector<ForwardShare> share_out(const Recipient& found, std::vector<Destination> destinations);

}  // namespace fwd::model

#endif
