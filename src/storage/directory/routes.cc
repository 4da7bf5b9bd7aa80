// Decides which alias of a domain an address means.
#include "storage/directory/routes.h"

#include <algorithm>

#include "core/text.h"
#include "format/alias_pattern.h"

namespace fwd::directory {

bool is_shut(const RoutedAlias& alias, const RoutedUsers& users) {
  const auto found = users.find(alias.user);
  return found != users.end() && found->second.shut;
}

bool takes_mail(const RoutedAlias& alias) {
  return alias.enabled && alias.has_imap && alias.has_mailbox;
}

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

namespace {

bool is_of_domain(const std::string& recipient, const std::string& own) {
  const auto key = address_key(recipient);
  return key && key->domain == own;
}

std::shared_ptr<const AliasLeads> leads_of(const model::Alias& alias, const std::string& own) {
  AliasLeads leads;
  const auto& verified = alias.verified_recipients;
  for (const std::string& recipient : alias.recipients) {
    const bool allowed = !alias.has_recipient_verification || is_of_domain(recipient, own) ||
                         std::find(verified.begin(), verified.end(), recipient) != verified.end();
    leads.recipients.push_back({recipient, allowed});
  }
  const model::VacationResponder& vacation = alias.vacation_responder;
  if (vacation.is_enabled) {
    leads.away_from = vacation.start_date.empty() ? 0 : vacation.start_date.ms;
    leads.away_until = vacation.end_date.empty() ? INT64_MAX : vacation.end_date.ms;
  }
  if (leads == AliasLeads{}) return nullptr;
  return std::make_shared<const AliasLeads>(std::move(leads));
}

std::shared_ptr<const model::RecipientRules> rules_of(const model::Domain& domain) {
  model::RecipientRules rules;
  rules.require_tls = domain.require_tls_inbound;
  rules.allowlist = domain.allowlist;
  rules.denylist = domain.denylist;
  rules.has_adult_content_protection = domain.has_adult_content_protection;
  rules.has_phishing_protection = domain.has_phishing_protection;
  rules.has_executable_protection = domain.has_executable_protection;
  rules.has_virus_protection = domain.has_virus_protection;
  if (rules == model::RecipientRules{}) return nullptr;
  return std::make_shared<const model::RecipientRules>(std::move(rules));
}

}  // namespace

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
  route.leads = leads_of(alias, domain_key(domain_name));
  return route;
}

DomainFacts facts_of(const model::Domain& domain) {
  const bool wide = !domain.is_catchall_regex_disabled && !domain.is_global;
  const auto postmaster = address_key(domain.postmaster);
  DomainFacts facts;
  facts.id = domain.id;
  facts.name = domain.name;
  facts.key = domain_key(domain.name);
  facts.has_regex = wide && domain.has_regex;
  facts.has_catchall = wide && domain.has_catchall;
  facts.quota = static_cast<std::uint64_t>(domain.max_quota_per_alias);
  if (postmaster) facts.postmaster = postmaster->local;
  facts.port = static_cast<std::uint16_t>(parse_number(domain.smtp_port).value_or(25));
  if (domain.max_recipients_per_alias > 0)
    facts.most_destinations = static_cast<std::size_t>(domain.max_recipients_per_alias);
  facts.may_send = domain.has_smtp && !domain.is_smtp_suspended;
  facts.uses_dns = domain.uses_dns_aliases;
  facts.rules = rules_of(domain);
  return facts;
}

RoutedUser routed_user(const model::User& user) {
  return {user.is_banned || user.is_removed, static_cast<std::uint64_t>(user.max_quota_per_alias)};
}

namespace {

// The alias of exactly that name.
const RoutedAlias* find_exact(const RoutedDomain& domain, const RoutedUsers& users,
                              const std::string& local) {
  const auto found = domain.exact.find(local);
  if (found == domain.exact.end() || is_shut(found->second, users)) return nullptr;
  return &found->second;
}

// An expression, or the catch-all.
const RoutedAlias* find_wide(const RoutedDomain& domain, const RoutedUsers& users,
                             const std::string& local) {
  if (domain.facts.has_regex)
    for (const auto& [name, alias] : domain.patterns)
      if (alias.pattern && !is_shut(alias, users) && alias.pattern->matches(local)) return &alias;
  return domain.facts.has_catchall ? find_exact(domain, users, "*") : nullptr;
}

const RoutedAlias* find_first_made(const RoutedDomain& domain, const RoutedUsers& users) {
  for (const auto& [number, key] : domain.with_mailbox)
    if (const RoutedAlias* alias = find_exact(domain, users, key)) return alias;
  return nullptr;
}

// Who gets mail for a reserved name; nullptr when nobody can.
const RoutedAlias* find_reserved(const RoutedDomain& domain, const RoutedUsers& users,
                                 const std::string& local,
                                 const std::function<bool(const RoutedAlias&)>& leads) {
  const auto may_take = [&](const RoutedAlias* alias) {
    return alias != nullptr && alias->enabled && leads(*alias);
  };
  const RoutedAlias* alias = find_exact(domain, users, local);
  if (alias != nullptr && (!alias->enabled || may_take(alias))) return alias;
  for (const RoutedAlias* other : {find_exact(domain, users, domain.facts.postmaster),
                                   find_wide(domain, users, local), find_first_made(domain, users)})
    if (may_take(other)) return other;
  return alias;
}

}  // namespace

const RoutedAlias* find_alias(const RoutedDomain& domain, const RoutedUsers& users,
                              const std::string& local,
                              const std::function<bool(const RoutedAlias&)>& leads) {
  if (is_reserved(local)) return find_reserved(domain, users, local, leads);
  const RoutedAlias* exact = local == "*" ? nullptr : find_exact(domain, users, local);
  return exact != nullptr ? exact : find_wide(domain, users, local);
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
