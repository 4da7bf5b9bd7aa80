#ifndef FWD_SCAN_LOCAL_NAMES_H
#define FWD_SCAN_LOCAL_NAMES_H

// A Resolver that knows "localhost" by itself (RFC 6761 §6.3) and asks another
// for the rest: so a scanner beside us is found without the DNS.

#include "net/resolver.h"

namespace fwd::scan {

class LocalNames final : public net::Resolver {
 public:
  // `others` null: no other name is known (kNotFound).
  explicit LocalNames(net::Resolver* others = nullptr) : others_(others) {}
  Task<Outcome<net::DnsAnswer>> resolve(std::string name, net::DnsType type) override;

 private:
  net::Resolver* others_;
};

// The addresses of a scanner's host, an address or a name.
Task<Outcome<std::vector<std::string>>> find_host(net::Resolver& names, std::string host);

}  // namespace fwd::scan

#endif
