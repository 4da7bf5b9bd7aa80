// The queue with return paths, signing keys and webhooks.
#include "door/queue_keeper.h"

#include <utility>

namespace fwd::door {

Task<Outcome<std::vector<model::Claim>>> QueueKeeper::claim(model::ClaimQuestion question) {
  auto claimed = co_await store_.claim(std::move(question));
  if (!claimed.ok()) co_return claimed.failure();
  std::vector<model::Claim> claims;
  for (queue::Claimed& one : claimed.value()) {
    // Made now, as its ten days begin when somebody may first bounce to it.
    const std::string& sender = one.claim.message.envelope_from;
    const WallTime now = stores_.clock.wall();
    if (!sender.empty())
      one.claim.return_path = one.claim.message.is_forward
                                  ? paths_.make_forward(sender, one.return_path_domain, now)
                                  : paths_.make(sender, one.return_path_domain, now);
    claims.push_back(std::move(one.claim));
  }
  co_return claims;
}

Task<Outcome<std::string>> QueueKeeper::read_outbound(std::string id, std::uint64_t offset,
                                                      std::uint64_t most) {
  return store_.read(std::move(id), offset, most);
}

Task<Outcome<void>> QueueKeeper::report(model::Report report) {
  return store_.report(std::move(report));
}

Task<Outcome<void>> QueueKeeper::prolong(std::uint64_t lease, std::chrono::seconds by) {
  return store_.prolong(lease, by);
}

Task<Outcome<std::vector<model::SigningKey>>> QueueKeeper::signing_keys(std::string domain) {
  return keys_.get(std::move(domain));
}

Task<Outcome<model::BounceHook>> QueueKeeper::bounce_hook(std::string domain_id) {
  const auto domain = co_await stores_.directory.get_domain(std::move(domain_id));
  // A domain that was removed hears of nothing.
  if (!domain.ok() && domain.failure().fault == Fault::kNotFound) co_return model::BounceHook{};
  if (!domain.ok()) co_return domain.failure();
  co_return webhooks_.open(domain.value());
}

Task<Outcome<std::vector<model::Outbound>>> QueueKeeper::list_outbound(model::QueueFilter filter) {
  return store_.list(std::move(filter));
}

Task<Outcome<std::uint64_t>> QueueKeeper::act_on_outbound(model::QueueFilter filter,
                                                          model::QueueAction action) {
  return store_.act(std::move(filter), action);
}

Task<Outcome<model::QueueStat>> QueueKeeper::queue_stat() { return store_.stat(); }

}  // namespace fwd::door
