// Puts what matched an expression into what its alias names.
#include "storage/directory/expansion.h"

#include "model/deliveries.h"
#include "model/record_rules.h"

namespace fwd::directory {
namespace {

using model::DestinationKind;

DestinationKind kind_of(const std::string& target) {
  return model::is_url(target)    ? DestinationKind::kWebhook
         : model::is_host(target) ? DestinationKind::kHost
                                  : DestinationKind::kAddress;
}

}  // namespace

std::optional<std::string> expand_target(const format::AliasPattern& pattern,
                                         const std::string& local, const std::string& target) {
  using Into = format::AliasPattern::Into;
  const DestinationKind kind = kind_of(target);
  auto to =
      pattern.expand(local, target, kind == DestinationKind::kWebhook ? Into::kUrl : Into::kText);
  if (to && kind_of(*to) != kind) return std::nullopt;
  return to;
}

}  // namespace fwd::directory
