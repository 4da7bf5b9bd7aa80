// Looks for the postmaster of this host.
#include "model/postmaster.h"

#include <utility>

namespace fwd::model {

Task<Outcome<Recipient>> find_postmaster(Deliveries& deliveries, std::string named,
                                         std::string host) {
  if (!named.empty()) co_return co_await deliveries.find_recipient(std::move(named));
  std::string asked;
  while (!host.empty()) {
    asked = "postmaster@" + host;
    auto found = co_await deliveries.find_recipient(asked);
    if (!found.ok() || found.value().kind != RecipientKind::kForeign) co_return found;
    const auto dot = host.find('.');
    host.erase(0, dot == std::string::npos ? dot : dot + 1);
  }
  asked = "postmaster";
  co_return co_await deliveries.find_recipient(std::move(asked));
}

}  // namespace fwd::model
