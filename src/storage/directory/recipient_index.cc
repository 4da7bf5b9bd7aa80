// Keeps the routing facts of all domains in memory and answers RCPT from them.
#include "storage/directory/recipient_index.h"

#include <mutex>

namespace fwd::directory {

using Writing = std::unique_lock<std::shared_mutex>;
using Reading = std::shared_lock<std::shared_mutex>;

void RecipientIndex::put_user(const std::string& id, RoutedUser user) {
  const Writing lock(lock_);
  users_[id] = user;
}

void RecipientIndex::remove_user(const std::string& id) {
  const Writing lock(lock_);
  users_.erase(id);
}

void RecipientIndex::put_domain(DomainFacts facts) {
  const Writing lock(lock_);
  std::unique_ptr<Held>& held = by_id_[facts.id];
  if (!held) held = std::make_unique<Held>();
  by_key_.erase(held->routes.facts.key);
  by_number_.erase(held->routes.facts.number);
  by_key_[facts.key] = held.get();
  by_number_[facts.number] = held.get();
  held->routes.facts = std::move(facts);
}

void RecipientIndex::remove_domain(const std::string& id) {
  const Writing lock(lock_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  let_go(*found->second);
  by_key_.erase(found->second->routes.facts.key);
  by_number_.erase(found->second->routes.facts.number);
  by_id_.erase(found);
}

void RecipientIndex::let_go(Held& domain) {
  for (const auto& [name, alias] : domain.routes.exact) places_.erase(alias.id);
  for (const auto& [name, alias] : domain.routes.patterns) places_.erase(alias.id);
  domain.routes.exact.clear();
  domain.routes.patterns.clear();
  domain.routes.with_mailbox.clear();
  domain.complete = false;
}

void RecipientIndex::forget(const std::string& alias_id) {
  const auto found = places_.find(alias_id);
  if (found == places_.end()) return;
  found->second.domain->routes.remove(found->second.key);
  places_.erase(found);
}

void RecipientIndex::put_alias(const std::string& domain_id, RoutedAlias alias) {
  compile_pattern(alias);
  const Writing lock(lock_);
  const auto domain = by_id_.find(domain_id);
  if (domain == by_id_.end() || !domain->second->complete) return;
  forget(alias.id);  // it may have had another name
  if (places_.size() >= most_aliases_) return let_go(*domain->second);
  places_[alias.id] = {domain->second.get(), alias.key};
  domain->second->routes.put(std::move(alias));
}

void RecipientIndex::remove_alias(const std::string& id) {
  const Writing lock(lock_);
  forget(id);
}

void RecipientIndex::set_has_mailbox(const std::string& alias_id, bool has_mailbox) {
  const Writing lock(lock_);
  const auto found = places_.find(alias_id);
  if (found == places_.end()) return;
  RoutedDomain& routes = found->second.domain->routes;
  const RoutedAlias* alias = routes.find(found->second.key);
  if (alias == nullptr) return;
  RoutedAlias changed = *alias;
  changed.has_mailbox = has_mailbox;
  routes.put(std::move(changed));
}

// What is in memory, asked under the lock.
class RecipientIndex::Source final : public RouteSource {
 public:
  explicit Source(const RecipientIndex& index) : index_(index) {}
  const RoutedDomain* find(const std::string& domain, const std::string&) override {
    const auto found = index_.by_key_.find(domain);
    if (found == index_.by_key_.end()) return nullptr;
    if (found->second->complete) return &found->second->routes;
    is_lacking_ = true;
    return nullptr;
  }
  const RoutedUsers& users() const override { return index_.users_; }
  bool is_lacking() const { return is_lacking_; }

 private:
  const RecipientIndex& index_;
  bool is_lacking_ = false;
};

RecipientIndex::Answer RecipientIndex::find(const model::RecipientQuestion& question,
                                            std::int64_t now) const {
  Answer answer;
  answer.recipient.kind = model::RecipientKind::kForeign;
  model::RecipientQuestion asked = question;
  auto key = address_key(question.address);
  const TxtAliases txt = read_records(question, options_);
  const Reading lock(lock_);
  if (!key && name_key(question.address) == kPostmaster && !by_number_.empty()) {
    asked.address = std::string(kPostmaster) + '@' + by_number_.begin()->second->routes.facts.key;
    key = address_key(asked.address);
  }
  answer.recipient.address = asked.address;
  if (!key) return answer;
  Source source(*this);
  model::Recipient found = resolve(source, *key, asked, txt, now, options_);
  answer.from_file = source.is_lacking();
  if (!answer.from_file) answer.recipient = std::move(found);
  return answer;
}

std::optional<DomainFacts> RecipientIndex::facts(const std::string& domain_key) const {
  const Reading lock(lock_);
  const auto found = by_key_.find(domain_key);
  if (found == by_key_.end()) return std::nullopt;
  return found->second->routes.facts;
}

std::optional<std::uint64_t> RecipientIndex::quota(const std::string& alias_id) const {
  const Reading lock(lock_);
  const auto found = places_.find(alias_id);
  if (found == places_.end()) return std::nullopt;
  const RoutedDomain& domain = found->second.domain->routes;
  const RoutedAlias* alias = domain.find(found->second.key);
  if (alias == nullptr) return std::nullopt;
  return quota_of(*alias, domain.facts, users_, default_quota_);
}

RoutedUser RecipientIndex::user(const std::string& id) const {
  const Reading lock(lock_);
  const auto found = users_.find(id);
  return found == users_.end() ? RoutedUser{} : found->second;
}

std::size_t RecipientIndex::aliases() const {
  const Reading lock(lock_);
  return places_.size();
}

}  // namespace fwd::directory
