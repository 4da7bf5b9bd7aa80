#ifndef FWD_STORAGE_DIRECTORY_WALK_H
#define FWD_STORAGE_DIRECTORY_WALK_H

// The way from one address through aliases to where they end.  For resolution.cc.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "storage/directory/dns_aliases.h"
#include "storage/directory/resolution.h"

namespace fwd::directory {

// Whom an address of one domain means.
struct Decision {
  model::RecipientKind kind = model::RecipientKind::kUnknown;  // kAccepted, or why not
  const RoutedAlias* alias = nullptr;
  std::vector<std::string> by_dns;  // destinations named in TXT records
};

class Walk {
 public:
  // `dns`: the aliases in TXT of the domain `dns_domain`; may be null.
  // `looked` counts addresses looked up.  Keeps references.
  Walk(RouteSource& source, const ResolutionOptions& options, const DnsAliases* dns,
       const std::string& dns_domain, std::vector<std::string>* steps, std::size_t& looked)
      : source_(source),
        options_(options),
        dns_(dns),
        dns_domain_(dns_domain),
        steps_(steps),
        looked_(looked) {}

  Decision decide(const RoutedDomain& domain, const AddressKey& asked);
  // Follows what was decided, and marks the address as seen.
  void follow(const Decision& decision, const RoutedDomain& domain, const AddressKey& asked);

  // Where it ended so far; tidy() when all is followed.
  std::vector<model::RecipientTarget> mailboxes;
  std::vector<model::Destination> destinations;
  // The domains that it led into beyond the first, each once.
  std::vector<model::PassedDomain> passed;
  // The mildest of what inner aliases refuse and unverified recipients keep waiting:
  // kSoftDisabled, kUnverified, kIgnored, kHardDisabled.  kUnknown: none does.
  model::RecipientKind inner_refusal = model::RecipientKind::kUnknown;
  bool is_too_long = false;  // the chain passed a bound: not all was followed
  // Of user@x and user+tag@x the plain one stays.
  void tidy();

  std::uint16_t port(const RoutedDomain& domain) const;
  void step(std::string text) const {
    if (steps_ != nullptr) steps_->push_back(std::move(text));
  }

 private:
  // One thing an alias names.
  struct Named {
    const std::string& to;
    const std::string& alias_id;
    const DomainFacts& domain;  // whose it is
    std::uint16_t port;
  };
  bool uses_dns(const RoutedDomain& domain) const {
    return dns_ != nullptr && domain.facts.key == dns_domain_;
  }
  bool is_anywhere(const RoutedAlias& alias, const RoutedDomain& domain, const AddressKey& asked);
  void add_mailbox(const RoutedAlias& alias, const RoutedDomain& domain);
  void lead_to(const Named& named, const AddressKey& asked);
  void lead_to_host(const Named& named, const AddressKey& asked);
  void lead_to_address(const Named& named, const AddressKey& asked);
  // False: nobody's here.
  bool chain(const Named& named, AddressKey inner);
  // `port`: of the domain, but for a URL.
  void add(const Named& named, model::DestinationKind kind, std::string address, std::string host,
           std::uint16_t port);
  void pass(const DomainFacts& domain);

  RouteSource& source_;
  const ResolutionOptions& options_;
  const DnsAliases* dns_;
  const std::string& dns_domain_;
  std::vector<std::string>* steps_;
  std::string first_;           // the id of the domain it begins in
  std::set<std::string> seen_;  // local parts with their domains, by key
  std::size_t depth_ = 0;
  std::size_t& looked_;
};

}  // namespace fwd::directory

#endif
