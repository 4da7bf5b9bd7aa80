// Makes the directory's answer about one address.
#include "storage/directory/resolution.h"

#include <optional>
#include <utility>

#include "storage/directory/walk.h"

namespace fwd::directory {
namespace {

using model::Recipient;
using model::RecipientKind;

// The owner is away, and may be spoken for.
bool is_away(const RoutedAlias& alias, const DomainFacts& domain, const std::string& local,
             std::int64_t now) {
  return alias.enabled && alias.key == local && domain.may_send && alias.leads &&
         alias.leads->away_until != 0 && now >= alias.leads->away_from &&
         now <= alias.leads->away_until;
}

class Answer {
 public:
  Answer(const model::RecipientQuestion& question, const AddressKey& key,
         const RoutedDomain& domain)
      : key_(key), domain_(domain) {
    found_.address = question.address;
    found_.domain_id = domain.facts.id;
    found_.domain = domain.facts.key;
    if (domain.facts.rules) found_.rules = *domain.facts.rules;
  }

  // What ends it early.
  Recipient refused(RecipientKind kind, std::string why) {
    found_.kind = kind;
    step(std::move(why));
    return std::move(found_);
  }
  Recipient ended(Walk& walk, const Decision& decision) {
    walk.tidy();
    found_.kind = RecipientKind::kAccepted;
    found_.mailboxes = std::move(walk.mailboxes);
    found_.destinations = std::move(walk.destinations);
    found_.passed = std::move(walk.passed);
    const bool is_empty = found_.mailboxes.empty() && found_.destinations.empty();
    if (walk.is_too_long || found_.destinations.size() > domain_.facts.most_destinations) {
      step(walk.is_too_long
               ? std::string("the aliases lead on and on: they are not followed further")
               : "these are more destinations than the " +
                     std::to_string(domain_.facts.most_destinations) + " of the domain");
      found_.kind = RecipientKind::kTooMany;
    } else if (is_empty && walk.inner_refusal != RecipientKind::kUnknown) {
      found_.kind = walk.inner_refusal;
      step(found_.kind == RecipientKind::kUnverified ? "nobody it leads to has agreed yet"
                                                     : "all that it leads to is disabled");
    } else if (is_empty && walk.port(domain_) != 25) {
      found_.destinations.push_back({model::DestinationKind::kAddress, found_.address, "",
                                     walk.port(domain_), found_.alias_id, found_.domain_id});
      step("-> the same address on port " + std::to_string(walk.port(domain_)));
    } else if (is_empty) {
      // Who wrote the TXT records may be about to mend them.
      found_.kind =
          decision.by_dns.empty() ? RecipientKind::kNoDestination : RecipientKind::kAsksDns;
      step("that leads nowhere");
    }
    if (found_.kind == RecipientKind::kAccepted) return std::move(found_);
    found_.mailboxes.clear();
    found_.destinations.clear();
    found_.passed.clear();
    found_.has_vacation = false;
    return std::move(found_);
  }
  void decided_by(const RoutedAlias& alias, std::int64_t now) {
    found_.alias_id = alias.id;
    found_.has_vacation = is_away(alias, domain_.facts, key_.local, now);
  }
  std::vector<std::string>& steps() { return found_.steps; }
  void tell(bool explain) { explain_ = explain; }

 private:
  void step(std::string text) {
    if (explain_) found_.steps.push_back(std::move(text));
  }

  const AddressKey& key_;
  const RoutedDomain& domain_;
  Recipient found_;
  bool explain_ = false;
};

}  // namespace

TxtAliases read_records(const model::RecipientQuestion& question,
                        const ResolutionOptions& options) {
  if (!question.records) return std::nullopt;
  return DnsAliases::read(*question.records, options.txt_prefix);
}

Recipient resolve(RouteSource& source, const AddressKey& key,
                  const model::RecipientQuestion& question, const TxtAliases& txt, std::int64_t now,
                  const ResolutionOptions& options) {
  const RoutedDomain* domain = source.find(key.domain, key.local);
  if (domain == nullptr) {
    Recipient foreign;
    foreign.kind = RecipientKind::kForeign;
    foreign.address = question.address;
    if (question.explain) foreign.steps.push_back(key.domain + " is not hosted here");
    return foreign;
  }
  Answer answer(question, key, *domain);
  answer.tell(question.explain);
  const DnsAliases* dns = nullptr;
  if (domain->facts.uses_dns) {
    if (!txt)
      return answer.refused(RecipientKind::kAsksDns, "the aliases stand in TXT records too");
    if (!txt->ok()) return answer.refused(RecipientKind::kAsksDns, txt->failure().private_text);
    dns = &txt->value();
  }
  std::size_t looked = 0;
  Walk walk(source, options, dns, domain->facts.key, question.explain ? &answer.steps() : nullptr,
            looked);
  const Decision decision = walk.decide(*domain, key);
  if (decision.alias != nullptr) answer.decided_by(*decision.alias, now);
  if (decision.kind == RecipientKind::kUnknown) {
    const bool reserved = is_reserved(key.local);
    return answer.refused(reserved ? RecipientKind::kNoDestination : RecipientKind::kUnknown,
                          "no alias of " + domain->facts.name + " takes " + key.local);
  }
  if (decision.kind != RecipientKind::kAccepted)
    return answer.refused(decision.kind, decision.alias == nullptr
                                             ? "so it leads nowhere"
                                             : "the alias " + decision.alias->key + " is disabled");
  walk.follow(decision, *domain, key);
  return answer.ended(walk, decision);
}

}  // namespace fwd::directory
