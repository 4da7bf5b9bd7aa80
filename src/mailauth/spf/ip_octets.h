#ifndef FWD_MAILAUTH_SPF_IP_OCTETS_H
#define FWD_MAILAUTH_SPF_IP_OCTETS_H

// Addresses as 4 or 16 octets, and the names the DNS has for them.

#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "net/resolver.h"

namespace fwd::mailauth {

// "" for what is no address; IPv4 inside IPv6 (::ffff:192.0.2.1) is IPv4.
std::string ip_octets(std::string_view text);
// The same, but IPv4 inside IPv6 stays.
std::string written_ip_octets(std::string_view text);
// As people write it.
std::string ip_text(std::string_view octets);
// "192.0.2.1"; of IPv6 all 32 digits with dots between (RFC 7208 §7.3).
std::string dotted_ip(std::string_view octets);
// Where its PTR records are: "1.2.0.192.in-addr.arpa".
std::string reverse_name(std::string_view octets);
// Both of one kind, and the first `bits` bits are the same.
bool is_same_network(std::string_view a, std::string_view b, unsigned bits);

// The addresses of `name` of the kind that `like` is, as octets; kind and
// failures as the resolver gives them.
struct HostAddresses {
  net::DnsAnswer::Kind kind = net::DnsAnswer::Kind::kNoName;
  std::vector<std::string> octets;
};
Task<Outcome<HostAddresses>> find_host_octets(net::Resolver& resolver, std::string name,
                                              std::string like);

}  // namespace fwd::mailauth

#endif
