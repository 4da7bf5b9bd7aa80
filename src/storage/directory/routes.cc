// Decides which mailboxes an address leads to.
#include "storage/directory/routes.h"

#include <algorithm>

#include "core/text.h"
#include "format/alias_pattern.h"

namespace fwd::directory {
namespace {

bool is_shut(const RoutedUsers& users, const std::string& id) {
  const auto found = users.find(id);
  return found != users.end() && found->second.shut;
}

// It has a mailbox of its own that may be used.
bool takes_mail(const RoutedAlias& alias) {
  return alias.enabled && alias.has_imap && alias.has_mailbox;
}

// The alias's own mailbox, and those of the same domain's aliases it names.
std::vector<model::RecipientTarget> mailboxes_of(const RoutedAlias& alias,
                                                 const RoutedDomain& domain,
                                                 const RoutedUsers& users, std::size_t most) {
  std::vector<model::RecipientTarget> targets;
  const auto add = [&](const RoutedAlias& one) {
    if (!takes_mail(one) || is_shut(users, one.user)) return;
    if (targets.size() >= most) return;
    for (const model::RecipientTarget& target : targets)
      if (target.alias_id == one.id) return;
    targets.push_back({one.id, one.name + '@' + domain.facts.name});
  };
  add(alias);
  for (const std::string& key : alias.locals)
    if (const auto found = domain.exact.find(key); found != domain.exact.end()) add(found->second);
  return targets;
}

}  // namespace

RoutedAlias* RoutedDomain::find(const std::string& key) {
  return const_cast<RoutedAlias*>(std::as_const(*this).find(key));
}

const RoutedAlias* RoutedDomain::find(const std::string& key) const {
  if (model::is_pattern(key)) {
    const auto found = patterns.find(key);
    return found == patterns.end() ? nullptr : &found->second;
  }
  const auto found = exact.find(key);
  return found == exact.end() ? nullptr : &found->second;
}

void RoutedDomain::put(RoutedAlias alias) {
  const std::string key = alias.key;
  remove(key);
  if (model::is_pattern(key)) {
    patterns.emplace(key, std::move(alias));
    return;
  }
  if (takes_mail(alias) && key != "*") with_mailbox.emplace(alias.number, key);
  exact.emplace(key, std::move(alias));
}

void RoutedDomain::remove(const std::string& key) {
  if (const auto found = exact.find(key); found != exact.end()) {
    with_mailbox.erase(found->second.number);
    exact.erase(found);
  }
  patterns.erase(key);
}

RoutedAlias route_of(const model::Alias& alias, const std::string& domain_name) {
  RoutedAlias route;
  route.id = alias.id;
  route.name = alias.name;
  route.key = name_key(alias.name);
  route.user = alias.user;
  route.enabled = alias.is_enabled;
  route.has_imap = alias.has_imap;
  route.error_code = static_cast<std::uint16_t>(alias.error_code_if_disabled);
  route.quota = static_cast<std::uint64_t>(alias.max_quota);
  const std::string own = domain_key(domain_name);
  for (const std::string& recipient : alias.recipients) {
    const auto key = address_key(recipient);
    if (key && key->domain == own && key->local.find('\n') == std::string::npos)
      route.locals.push_back(key->local);
  }
  return route;
}

DomainFacts facts_of(const model::Domain& domain) {
  const bool wide = !domain.is_catchall_regex_disabled && !domain.is_global;
  const auto postmaster = address_key(domain.postmaster);
  return {domain.id,
          0,
          domain.name,
          domain_key(domain.name),
          wide && domain.has_regex,
          wide && domain.has_catchall,
          static_cast<std::uint64_t>(domain.max_quota_per_alias),
          postmaster ? postmaster->local : ""};
}

RoutedUser routed_user(const model::User& user) {
  return {user.is_banned || user.is_removed, static_cast<std::uint64_t>(user.max_quota_per_alias)};
}

namespace {

// The alias of exactly that name.
const RoutedAlias* find_exact(const RoutedDomain& domain, const RoutedUsers& users,
                              const std::string& local) {
  const auto found = domain.exact.find(local);
  if (found == domain.exact.end() || is_shut(users, found->second.user)) return nullptr;
  return &found->second;
}

// An expression, or the catch-all.
const RoutedAlias* find_wide(const RoutedDomain& domain, const RoutedUsers& users,
                             const std::string& local) {
  if (domain.facts.has_regex)
    for (const auto& [name, alias] : domain.patterns)
      if (alias.pattern && !is_shut(users, alias.user) && alias.pattern->matches(local))
        return &alias;
  return domain.facts.has_catchall ? find_exact(domain, users, "*") : nullptr;
}

const RoutedAlias* find_first_made(const RoutedDomain& domain, const RoutedUsers& users) {
  for (const auto& [number, key] : domain.with_mailbox)
    if (const RoutedAlias* alias = find_exact(domain, users, key)) return alias;
  return nullptr;
}

// Who gets mail for a reserved name; nullptr when nobody can.
const RoutedAlias* find_reserved(const RoutedDomain& domain, const RoutedUsers& users,
                                 const std::string& local) {
  const auto leads = [&](const RoutedAlias* alias) {
    return alias != nullptr && alias->enabled && !mailboxes_of(*alias, domain, users, 1).empty();
  };
  const RoutedAlias* alias = find_exact(domain, users, local);
  if (alias != nullptr && (!alias->enabled || leads(alias))) return alias;
  for (const RoutedAlias* other : {find_exact(domain, users, domain.facts.postmaster),
                                   find_wide(domain, users, local), find_first_made(domain, users)})
    if (leads(other)) return other;
  return alias;
}

}  // namespace

const RoutedAlias* find_alias(const RoutedDomain& domain, const RoutedUsers& users,
                              const std::string& local) {
  if (is_reserved(local)) return find_reserved(domain, users, local);
  const RoutedAlias* exact = local == "*" ? nullptr : find_exact(domain, users, local);
  return exact != nullptr ? exact : find_wide(domain, users, local);
}

model::Recipient resolve(const RoutedDomain& domain, const RoutedUsers& users,
                         const std::string& local, std::string address, std::size_t most) {
  model::Recipient recipient;
  recipient.address = std::move(address);
  recipient.domain_id = domain.facts.id;
  const RoutedAlias* alias = find_alias(domain, users, local);
  if (alias == nullptr) {
    if (is_reserved(local)) recipient.kind = model::RecipientKind::kNoDestination;
    return recipient;  // else kUnknown
  }
  if (!alias->enabled) {
    recipient.kind = alias->error_code == 550   ? model::RecipientKind::kHardDisabled
                     : alias->error_code == 421 ? model::RecipientKind::kSoftDisabled
                                                : model::RecipientKind::kIgnored;
    return recipient;
  }
  recipient.mailboxes = mailboxes_of(*alias, domain, users, most);
  recipient.kind = recipient.mailboxes.empty() ? model::RecipientKind::kNoDestination
                                               : model::RecipientKind::kAccepted;
  return recipient;
}

std::uint64_t quota_of(const RoutedAlias& alias, const DomainFacts& domain,
                       const RoutedUsers& users, std::uint64_t fallback) {
  if (alias.quota > 0) return alias.quota;
  if (domain.quota > 0) return domain.quota;
  const auto owner = users.find(alias.user);
  if (owner != users.end() && owner->second.quota > 0) return owner->second.quota;
  return fallback;
}

}  // namespace fwd::directory
