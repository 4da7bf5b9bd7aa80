// A message that is handed in: rights anew, rules, the day's count, the queue.
#include <algorithm>
#include <utility>

#include "door/submission_keeper.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

constexpr std::chrono::hours kDay{24};

Failure bad_login() { return {Fault::kBadLogin, "the login holds no more", ""}; }

bool holds(const directory::SenderRecord& record, const SendingGrant& grant) {
  if (!record.domain) return false;
  if (grant.credential)
    return record.login && record.alias &&
           LoginProof::holds(*record.login, *grant.credential, LoginUse::kSend);
  if (!grant.token) return false;
  if (record.user && (record.user->is_banned || record.user->is_removed)) return false;
  const auto& tokens = record.domain->tokens;
  return std::any_of(tokens.begin(), tokens.end(), [&](const model::Token& one) {
    return one.id == grant.token->id && one.hash == grant.token->hash;
  });
}

queue::Owner owner_of(const model::Domain& domain, const model::NewOutbound& message) {
  queue::Owner owner;
  owner.domain_id = domain.id;
  owner.domain = directory::domain_key(domain.name);
  owner.keep = kDay * domain.retention_days;
  // Only what comes back under the sender's own domain finds the way to it.
  const auto sender = directory::address_key(message.envelope_from);
  if (sender && sender->domain == owner.domain && !domain.return_path.empty())
    owner.return_path_domain = domain.return_path + '.' + owner.domain;
  return owner;
}

std::string in_words(std::chrono::seconds span) {
  const auto hours = std::chrono::ceil<std::chrono::hours>(span).count();
  return hours <= 1 ? "within the hour" : "in " + std::to_string(hours) + " hours";
}

}  // namespace

Task<Outcome<model::Submitted>> SubmissionKeeper::submit(model::Sender sender, SendingGrant grant,
                                                         model::NewOutbound message) {
  const std::int64_t now = unix_milliseconds(stores_.clock.wall());
  Outcome<void> checked = check_bounds(message, limits_, now);
  if (checked.ok()) checked = check_from(message);
  if (!checked.ok()) co_return checked.failure();
  if (sender.is_local_program)
    co_return co_await submit_local(std::move(sender), std::move(grant), std::move(message));
  co_return co_await submit_remote(std::move(sender), std::move(grant), std::move(message));
}

Task<Outcome<model::Submitted>> SubmissionKeeper::submit_remote(model::Sender sender,
                                                                SendingGrant grant,
                                                                model::NewOutbound message) {
  auto record =
      co_await stores_.directory.get_sender(sender.alias_id, sender.domain_id, sender.user_id);
  if (!record.ok()) co_return record.failure();
  const directory::SenderRecord& now = record.value();
  if (!holds(now, grant)) co_return bad_login();
  Outcome<void> checked = check_domain(*now.domain);
  if (checked.ok() && now.alias) checked = check_alias(*now.alias, sender.address);
  if (checked.ok()) checked = check_senders(sender, *now.domain, message);
  if (checked.ok()) checked = check_recipients(*now.domain, message);
  if (!checked.ok()) co_return checked.failure();
  queue::Owner owner = owner_of(*now.domain, message);
  owner.user_id = sender.user_id;
  owner.alias_id = sender.alias_id;
  co_return co_await queue_counted(daily_counts(now, limits_), std::move(message),
                                   std::move(owner));
}

Task<Outcome<model::Submitted>> SubmissionKeeper::submit_local(model::Sender sender,
                                                               SendingGrant grant,
                                                               model::NewOutbound message) {
  std::vector<DailyCount> counts;
  if (!grant.is_trusted) {
    const Outcome<void> checked = check_local_senders(sender, message);
    if (!checked.ok()) co_return checked.failure();
    counts.push_back({"submission.day:local:" + sender.address, limits_.daily, sender.address});
  }
  queue::Owner owner;
  const auto from = directory::address_key(message.header_from);
  if (from) {
    auto domain = co_await stores_.directory.get_domain(from->domain);
    if (!domain.ok() && domain.failure().fault != Fault::kNotFound) co_return domain.failure();
    if (domain.ok()) {
      const std::string address = from->local + '@' + from->domain;
      const auto alias = co_await stores_.directory.get_alias(address);
      if (!alias.ok() && alias.failure().fault != Fault::kNotFound) co_return alias.failure();
      Outcome<void> checked = check_domain(domain.value());
      if (checked.ok() && alias.ok()) checked = check_alias(alias.value(), address);
      if (checked.ok()) checked = check_recipients(domain.value(), message);
      if (!checked.ok()) co_return checked.failure();
      owner = owner_of(domain.value(), message);
    }
  }
  co_return co_await queue_counted(std::move(counts), std::move(message), std::move(owner));
}

Task<Outcome<model::Submitted>> SubmissionKeeper::queue_counted(std::vector<DailyCount> counts,
                                                                model::NewOutbound message,
                                                                queue::Owner owner) {
  const auto counted = co_await count(counts);
  if (!counted.ok()) co_return counted.failure();
  auto added = co_await queue_.add(std::move(message), std::move(owner));
  if (!added.ok() || added.value().is_repeat) {
    const auto taken = co_await take_back(std::move(counts));
    if (!taken.ok()) co_return taken.failure();
  }
  if (!added.ok()) co_return added.failure();
  co_return model::Submitted{added.value().id, added.value().is_repeat};
}

Task<Outcome<void>> SubmissionKeeper::count(std::vector<DailyCount> counts) {
  std::vector<DailyCount> done;
  for (const DailyCount& one : counts) {
    const auto counted = co_await stores_.state.add(one.key, 1, kDay);
    if (!counted.ok()) co_return counted.failure();
    done.push_back(one);
    if (counted.value().value <= one.most) continue;
    const auto taken = co_await take_back(std::move(done));
    if (!taken.ok()) co_return taken.failure();
    co_return Failure{Fault::kBusy,
                      one.whose + " may send " + std::to_string(one.most) +
                          " messages a day; try again " + in_words(counted.value().resets_in),
                      ""};
  }
  co_return Outcome<void>();
}

Task<Outcome<void>> SubmissionKeeper::take_back(std::vector<DailyCount> counts) {
  for (const DailyCount& one : counts) {
    const auto counted = co_await stores_.state.add(one.key, -1, kDay);
    if (!counted.ok()) co_return counted.failure();
  }
  co_return Outcome<void>();
}

}  // namespace fwd::door
