// The queue with return paths, signing keys and webhooks.
#include "door/queue_keeper.h"

#include <utility>

namespace fwd::door {
namespace {

constexpr std::size_t kMostAdmins = 10;

}  // namespace

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

// "" of nobody, and of one who is not to be here.
Task<Outcome<std::string>> QueueKeeper::address_of(std::string user_id) {
  if (user_id.empty()) co_return std::string();
  auto user = co_await stores_.directory.get_user(std::move(user_id));
  if (!user.ok() && user.failure().fault != Fault::kNotFound) co_return user.failure();
  if (!user.ok() || user.value().is_banned || user.value().is_removed) co_return std::string();
  co_return std::move(user.value().email);
}

Task<Outcome<model::ForwardOwners>> QueueKeeper::forward_owners(std::string domain_id,
                                                                std::string alias_id) {
  model::ForwardOwners owners;
  const auto domain = co_await stores_.directory.get_domain(std::move(domain_id));
  if (!domain.ok() && domain.failure().fault == Fault::kNotFound) co_return owners;
  if (!domain.ok()) co_return domain.failure();
  for (const model::Member& member : domain.value().members) {
    if (member.group != "admin" || owners.admins.size() >= kMostAdmins) continue;
    auto address = co_await address_of(member.user);
    if (!address.ok()) co_return address.failure();
    if (!address.value().empty()) owners.admins.push_back(std::move(address).value());
  }
  if (alias_id.empty()) co_return owners;
  const auto alias = co_await stores_.directory.get_alias(std::move(alias_id));
  if (!alias.ok() && alias.failure().fault != Fault::kNotFound) co_return alias.failure();
  if (!alias.ok() || alias.value().domain != domain.value().id) co_return owners;
  const model::Alias& who = alias.value();
  owners.alias = who.name + '@' + domain.value().name;
  const bool is_one = !model::is_catch_all(who.name) && !model::is_pattern(who.name);
  if (is_one && who.has_imap) owners.mailbox = owners.alias;
  auto address = co_await address_of(who.user);
  if (!address.ok()) co_return address.failure();
  owners.owner = std::move(address).value();
  co_return owners;
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
