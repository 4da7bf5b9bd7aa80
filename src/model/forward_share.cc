// Sorts destinations by the domain that names them.
#include "model/forward_share.h"

#include <algorithm>
#include <utility>

namespace fwd::model {
namespace {

ForwardShare share_of(const Recipient& found, const std::string& domain_id,
                      const Destination& first) {
  const auto at = std::find_if(found.passed.begin(), found.passed.end(),
                               [&](const PassedDomain& one) { return one.domain_id == domain_id; });
  if (at == found.passed.end()) return {found.domain_id, found.domain, found.alias_id, {}};
  return {at->domain_id, at->domain, first.alias_id, {}};
}

}  // namespace

std::vector<ForwardShare> share_out(const Recipient& found, std::vector<Destination> destinations) {
  std::vector<ForwardShare> shares;
  for (Destination& one : destinations) {
    ForwardShare fresh = share_of(found, one.domain_id, one);
    auto at = std::find_if(shares.begin(), shares.end(), [&](const ForwardShare& share) {
      return share.domain_id == fresh.domain_id;
    });
    if (at == shares.end()) at = shares.insert(at, std::move(fresh));
    at->destinations.push_back(std::move(one));
  }
  return shares;
}

}  // namespace fwd::model
