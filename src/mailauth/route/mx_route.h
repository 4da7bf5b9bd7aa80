#ifndef FWD_MAILAUTH_ROUTE_MX_ROUTE_H
#define FWD_MAILAUTH_ROUTE_MX_ROUTE_H

// Which hosts take a domain's mail, in the order to try them (RFC 5321 §5.1).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/task.h"
#include "crypto/random.h"
#include "net/resolver.h"

namespace fwd::mailauth {

struct MxHost {
  std::string name;  // A-labels, lower case, no last dot; the address for a literal
  std::uint16_t preference = 0;
  std::vector<std::string> addresses;  // in the order to try; never empty
  // For DANE (RFC 7672 §2.2): the addresses are proven; the name behind CNAMEs,
  // "" without one.
  bool is_secure = false;
  std::string canonical_name;
};

// Why there is no host to try.
struct RouteProblem {
  bool is_permanent = false;
  std::string status;  // RFC 3463: "5.1.2", "5.1.10", "5.4.4", "5.4.6", "4.4.3"
  std::string text;    // for the sender: "example.test takes no mail (null MX)"
};

struct MxRoute {
  std::string domain;         // as asked: A-labels, lower case
  bool is_literal = false;    // "[192.0.2.1]"
  bool is_implicit = false;   // no MX: the domain itself is the host
  bool is_secure_mx = false;  // the MX records, or their absence, are proven
  std::vector<MxHost> hosts;  // empty exactly when there is a problem
  std::optional<RouteProblem> problem;
};

struct RouteOptions {
  std::vector<std::string> own_names;  // what we are called: hosts not to send to
  // Likewise for addresses; may be empty.
  std::function<bool(const std::string& ip)> is_own_address;
  // Those of net/private_address.h are left out unless allowed.
  bool allow_private = false;
  bool use_ipv4 = true, use_ipv6 = true;
  std::size_t most_hosts = 8;
  std::size_t most_addresses = 4;  // of one host
};

// Asks for the MX records and then for all hosts' addresses side by side.
// Hosts of one preference are shuffled (RFC 5321 §5.1), addresses alternate
// between IPv6 and IPv4.  `domain`: A-labels or an address literal in brackets.
//   null MX (RFC 7505)                 permanent, 5.1.10
//   no such domain                     permanent, 5.1.2
//   we are the best host ourselves     permanent, 5.4.6
//   hosts without any usable address   permanent, 5.4.4
//   trouble with the DNS               temporary, 4.4.3
Task<MxRoute> find_route(net::Resolver& resolver, std::string domain, RouteOptions options,
                         crypto::RandomBelow random);

// The addresses of one host, without MX, in the order to try and by the same
// options; empty: none, or the DNS gives no answer.
Task<std::vector<std::string>> find_host_addresses(net::Resolver& resolver, std::string name,
                                                   RouteOptions options);

}  // namespace fwd::mailauth

#endif
