// Follows aliases from address to address.
#include "storage/directory/walk.h"

#include <algorithm>
#include <utility>

#include "format/address.h"
#include "format/alias_pattern.h"
#include "format/domain_name.h"
#include "model/record_rules.h"
#include "storage/directory/expansion.h"

namespace fwd::directory {
namespace {

using model::RecipientKind;

constexpr std::size_t kMostLooked = 1000;  // addresses looked up for one question

RecipientKind kind_of(const RoutedAlias& alias) {
  if (alias.enabled) return RecipientKind::kAccepted;
  return alias.error_code == 550   ? RecipientKind::kHardDisabled
         : alias.error_code == 421 ? RecipientKind::kSoftDisabled
                                   : RecipientKind::kIgnored;
}

RecipientKind kind_of(format::ForwardElement::Refusal refusal) {
  return refusal == format::ForwardElement::Refusal::kHard   ? RecipientKind::kHardDisabled
         : refusal == format::ForwardElement::Refusal::kSoft ? RecipientKind::kSoftDisabled
                                                             : RecipientKind::kIgnored;
}

RecipientKind milder(RecipientKind a, RecipientKind b) {
  for (const RecipientKind kind : {RecipientKind::kSoftDisabled, RecipientKind::kUnverified,
                                   RecipientKind::kIgnored, RecipientKind::kHardDisabled})
    if (a == kind || b == kind) return kind;
  return RecipientKind::kUnknown;
}

// Of exactly that name, or an expression that fits: neither the catch-all nor
// somebody who stands in for a reserved name.
bool is_specific(const RoutedAlias& alias, const std::string& local) {
  return alias.key == local || (alias.pattern && alias.pattern->matches(local));
}

std::string literal_of(const std::string& ip) {
  return ip.find(':') == std::string::npos ? '[' + ip + ']' : "[IPv6:" + ip + ']';
}

// The host of "[192.0.2.1]" and "[IPv6:2001:db8::1]".
std::string host_of_literal(const std::string& literal) {
  const std::string inside = literal.substr(1, literal.size() - 2);
  return inside.starts_with("IPv6:") ? inside.substr(5) : inside;
}

std::string show(const model::Destination& one) {
  std::string text = one.address;
  if (one.kind == model::DestinationKind::kHost) text += " at the host " + one.host;
  if (one.port != 25) text += ", port " + std::to_string(one.port);
  return text + (one.kind == model::DestinationKind::kWebhook ? " (webhook)"
                 : one.kind == model::DestinationKind::kHost  ? " (host)"
                                                              : " (address)");
}

}  // namespace

std::uint16_t Walk::port(const RoutedDomain& domain) const {
  if (uses_dns(domain) && dns_->port()) return *dns_->port();
  return domain.facts.port;
}

Decision Walk::decide(const RoutedDomain& domain, const AddressKey& asked) {
  Decision decision;
  DnsAliases::Match match;
  if (uses_dns(domain))
    match = dns_->find(asked.local, domain.facts.has_regex, domain.facts.has_catchall);
  if (match.refusal != format::ForwardElement::Refusal::kNone) {
    decision.kind = kind_of(match.refusal);
    step(asked.local + '@' + asked.domain + ": a TXT record of the domain refuses it");
    return decision;
  }
  const RoutedAlias* alias =
      find_alias(domain, source_.users(), asked.local,
                 [&](const RoutedAlias& one) { return is_anywhere(one, domain, asked); });
  const bool has_alias = alias != nullptr && is_specific(*alias, asked.local);
  const bool has_specific = !match.specific.empty();
  // What holds for every name counts only where nothing else does.
  if (has_specific)
    decision.by_dns = std::move(match.specific);
  else if (!has_alias)
    decision.by_dns = std::move(match.wide);
  const bool is_catch_all = alias != nullptr && alias->key == "*" && !has_specific;
  if (has_alias || is_catch_all || decision.by_dns.empty()) decision.alias = alias;
  if (decision.alias != nullptr)
    decision.kind = kind_of(*decision.alias);
  else if (!decision.by_dns.empty())
    decision.kind = RecipientKind::kAccepted;
  return decision;
}

void Walk::follow(const Decision& decision, const RoutedDomain& domain, const AddressKey& asked) {
  seen_.insert(asked.local + '@' + asked.domain);
  pass(domain.facts);
  const std::uint16_t port_there = port(domain);
  const std::string no_alias;
  for (const std::string& to : decision.by_dns) {
    step(asked.local + '@' + asked.domain + ": a TXT record of the domain says " + to);
    lead_to({to, no_alias, domain.facts, port_there}, asked);
  }
  if (decision.alias == nullptr) return;
  const RoutedAlias& alias = *decision.alias;
  step(asked.local + '@' + asked.domain + ": the alias " + alias.name + " decides");
  add_mailbox(alias, domain);
  if (!alias.leads) return;
  for (const Lead& lead : alias.leads->recipients) {
    if (!lead.is_allowed) {
      step("dropped " + lead.to + ": has not agreed to it yet");
      inner_refusal = milder(inner_refusal, RecipientKind::kUnverified);
      continue;
    }
    std::string to = lead.to;
    if (alias.pattern) {
      auto expanded = expand_target(*alias.pattern, asked.local, to);
      if (!expanded) {
        step("dropped " + to + ": what matched does not fit into it");
        continue;
      }
      to = std::move(*expanded);
    }
    lead_to({to, alias.id, domain.facts, port_there}, asked);
  }
}

// Asked of those who could get mail for a reserved name: a walk of its own,
// which leaves no trace but counts what it looked at.
bool Walk::is_anywhere(const RoutedAlias& alias, const RoutedDomain& domain,
                       const AddressKey& asked) {
  if (depth_ >= model::kMostChain || looked_ >= kMostLooked) return true;
  Walk trial(source_, options_, dns_, dns_domain_, nullptr, looked_);
  trial.seen_ = seen_;
  trial.depth_ = depth_ + 1;
  trial.follow({RecipientKind::kAccepted, &alias, {}}, domain, asked);
  return trial.is_too_long || !trial.mailboxes.empty() || !trial.destinations.empty();
}

void Walk::add_mailbox(const RoutedAlias& alias, const RoutedDomain& domain) {
  if (!takes_mail(alias) || is_shut(alias, source_.users())) return;
  const auto is_same = [&](const model::RecipientTarget& one) { return one.alias_id == alias.id; };
  if (std::any_of(mailboxes.begin(), mailboxes.end(), is_same)) return;
  const std::string address = alias.name + '@' + domain.facts.name;
  if (mailboxes.size() >= options_.most_mailboxes) {
    step("left out the mailbox of " + address + ": there are " + std::to_string(mailboxes.size()) +
         " already");
    return;
  }
  step("-> the mailbox of " + address);
  mailboxes.push_back({alias.id, address, domain.facts.id});
}

void Walk::lead_to(const Named& named, const AddressKey& asked) {
  if (model::is_url(named.to)) {
    add(named, model::DestinationKind::kWebhook, named.to, "", 25);
  } else if (model::is_host(named.to)) {
    lead_to_host(named, asked);
  } else {
    lead_to_address(named, asked);
  }
}

void Walk::lead_to_host(const Named& named, const AddressKey& asked) {
  format::Address address;
  address.local = asked.written;
  if (model::is_ip(named.to)) {
    address.domain = literal_of(named.to);
    add(named, model::DestinationKind::kHost, address.text(), named.to, named.port);
    return;
  }
  const auto name = format::domain_to_ascii(named.to);
  if (!name.ok()) return step("dropped " + named.to + ": no name of a host");
  address.domain = name.value();
  AddressKey inner = asked;
  inner.domain = address.domain;
  const std::string text = address.text();
  if (chain({text, named.alias_id, named.domain, named.port}, std::move(inner))) return;
  add(named, model::DestinationKind::kHost, text, address.domain, named.port);
}

void Walk::lead_to_address(const Named& named, const AddressKey& asked) {
  auto parsed = format::parse_mailbox(named.to, format::AddressCharset::kUtf8);
  if (!parsed.ok()) return step("dropped " + named.to + ": neither address nor host nor URL");
  format::Address address = std::move(parsed).value();
  if (model::is_ip(address.domain)) address.domain = literal_of(address.domain);
  if (!asked.tag.empty()) {
    const format::Address plain = address;
    address.local = std::string(plain.user()) + '+' + asked.tag;
    // With the tag it may be too long for any host.
    if (!format::parse_mailbox(address.text(), format::AddressCharset::kUtf8).ok()) address = plain;
  }
  const std::string text = address.text();
  if (address.has_literal_domain()) {
    const std::string host = host_of_literal(address.domain);
    add(named, model::DestinationKind::kHost, text, host, named.port);
    return;
  }
  auto key = address_key(text);
  if (key && chain({text, named.alias_id, named.domain, named.port}, std::move(*key))) return;
  add(named, model::DestinationKind::kAddress, text, "", named.port);
}

bool Walk::chain(const Named& named, AddressKey inner) {
  const std::string name = inner.local + '@' + inner.domain;
  if (seen_.contains(name)) {
    step(name + " was seen already, and is not followed again");
    return true;
  }
  const RoutedDomain* domain = source_.find(inner.domain, inner.local);
  if (domain == nullptr) return false;
  if (domain->facts.uses_dns && !uses_dns(*domain)) {
    step(name + ": its domain is told by the DNS, so it is asked when the mail comes back");
    pass(domain->facts);
    add(named, model::DestinationKind::kAddress, named.to, "", 25);
    return true;
  }
  if (depth_ >= model::kMostChain || ++looked_ > kMostLooked) {
    step(name + ": the chain is too long");
    is_too_long = true;
    return true;
  }
  ++depth_;
  const Decision decision = decide(*domain, inner);
  if (decision.kind == RecipientKind::kAccepted) {
    follow(decision, *domain, inner);
  } else {
    seen_.insert(name);
    inner_refusal = milder(inner_refusal, decision.kind);
    step(name + (decision.kind == RecipientKind::kUnknown ? ": leads nowhere, it is not there"
                                                          : ": leads nowhere, it is disabled"));
  }
  --depth_;
  return true;
}

// Once in a domain it is one of those whose word counts.
void Walk::pass(const DomainFacts& domain) {
  if (first_.empty()) first_ = domain.id;
  const auto is_same = [&](const model::PassedDomain& one) { return one.domain_id == domain.id; };
  if (domain.id == first_ || std::any_of(passed.begin(), passed.end(), is_same)) return;
  step("the rules of " + domain.key + " count, too");
  passed.push_back({domain.id, domain.key, domain.rules ? *domain.rules : model::RecipientRules{}});
}

void Walk::add(const Named& named, model::DestinationKind kind, std::string address,
               std::string host, std::uint16_t port) {
  model::Destination destination{kind, std::move(address), std::move(host),
                                 port, named.alias_id,     named.domain.id};
  const auto is_same = [&](const model::Destination& other) {
    return destination.kind == other.kind && destination.address == other.address &&
           destination.host == other.host && destination.port == other.port;
  };
  if (std::any_of(destinations.begin(), destinations.end(), is_same)) return;
  const bool is_first = named.domain.id == first_;
  step("-> " + show(destination) + (is_first ? "" : ", passed on by " + named.domain.key));
  destinations.push_back(std::move(destination));
}

void Walk::tidy() {
  const auto user_of = [](const model::Destination& one) {
    const auto parsed = format::parse_mailbox(one.address, format::AddressCharset::kUtf8);
    if (one.kind == model::DestinationKind::kWebhook || !parsed.ok()) return std::string();
    format::Address plain = parsed.value();
    plain.local = std::string(parsed.value().user());
    return plain.text();
  };
  std::vector<model::Destination> kept;
  for (const model::Destination& one : destinations) {
    const std::string plain = user_of(one);
    const bool is_twice =
        !plain.empty() && plain != one.address &&
        std::any_of(destinations.begin(), destinations.end(), [&](const auto& other) {
          return other.kind == one.kind && other.address == plain && other.host == one.host &&
                 other.port == one.port;
        });
    if (is_twice)
      step("left out " + one.address + ": " + plain + " gets it");
    else
      kept.push_back(one);
  }
  destinations = std::move(kept);
}

}  // namespace fwd::directory
