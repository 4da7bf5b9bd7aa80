// Which hosts take a domain's mail.
#include "mailauth/route/mx_route.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/all_of.h"
#include "core/text.h"
#include "net/private_address.h"
#include "net/socket_address.h"

namespace fwd::mailauth {
namespace {

using net::DnsAnswer;
using net::DnsType;

// More MX records than anybody has are not looked at.
constexpr std::size_t kMostRecords = 64;

MxRoute no_route(MxRoute route, bool is_permanent, std::string status, std::string text) {
  route.hosts.clear();
  route.problem = RouteProblem{is_permanent, std::move(status), std::move(text)};
  return route;
}

MxRoute dns_trouble(MxRoute route, const Failure& failure) {
  if (failure.fault == Fault::kBadInput)
    return no_route(std::move(route), true, "5.1.2", route.domain + " is no domain name");
  std::string text = "the DNS gives no answer for " + route.domain;
  if (!failure.private_text.empty()) text += " (" + failure.private_text + ")";
  return no_route(std::move(route), false, "4.4.3", std::move(text));
}

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::any_of(list.begin(), list.end(),
                     [word](const std::string& one) { return same_word(one, word); });
}

bool is_own(const RouteOptions& options, const std::string& ip) {
  return options.is_own_address && options.is_own_address(ip);
}

// "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 §4.1.3)
MxRoute literal_route(MxRoute route, const RouteOptions& options) {
  std::string_view text = route.domain;
  text.remove_prefix(1);
  if (!text.empty() && text.back() == ']') text.remove_suffix(1);
  if (starts_with_word(text, "ipv6:")) text.remove_prefix(5);
  const std::string ip(text);
  route.is_literal = true;
  const auto address = net::ip_socket_address(ip, 25);
  if (!address)
    return no_route(std::move(route), true, "5.1.3", route.domain + " is no address literal");
  const std::string plain = net::to_peer_address(address->storage).ip;
  if (is_own(options, plain))
    return no_route(std::move(route), true, "5.4.6", route.domain + " is this host");
  if (!options.allow_private && net::is_private_address(plain))
    return no_route(std::move(route), true, "5.4.4", route.domain + " is not a public address");
  MxHost host;
  host.name = plain;
  host.addresses.push_back(plain);
  route.hosts.push_back(std::move(host));
  return route;
}

// By preference, those of one preference in random order, each host once.
std::vector<MxHost> ordered_hosts(std::vector<net::MxRecord> records,
                                  const crypto::RandomBelow& random) {
  records.resize(std::min(records.size(), kMostRecords));
  for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[random(i)]);
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.preference < b.preference; });
  std::vector<MxHost> hosts;
  for (net::MxRecord& record : records) {
    const auto is_same = [&record](const MxHost& host) { return host.name == record.host; };
    if (record.host.empty() || std::any_of(hosts.begin(), hosts.end(), is_same)) continue;
    MxHost host;
    host.name = std::move(record.host);
    host.preference = record.preference;
    hosts.push_back(std::move(host));
  }
  return hosts;
}

// RFC 5321 §5.1: a host that is among the MX hosts itself sends only to better
// ones.  True when it is there.
template <typename IsOurs>
bool drop_from_ours_on(std::vector<MxHost>& hosts, IsOurs is_ours) {
  const auto ours = std::find_if(hosts.begin(), hosts.end(), is_ours);
  if (ours == hosts.end()) return false;
  const std::uint16_t limit = ours->preference;
  std::erase_if(hosts, [limit](const MxHost& host) { return host.preference >= limit; });
  return true;
}

// What looking for one host's addresses came to.
struct Found {
  std::vector<std::string> addresses;
  std::string canonical_name;
  bool is_secure = false;
  bool had_trouble = false;
  bool had_private = false;
};

void take(Found& found, const Outcome<DnsAnswer>& answer, const RouteOptions& options,
          std::vector<std::string>& into) {
  if (!answer.ok()) {
    found.had_trouble = found.had_trouble || answer.failure().fault != Fault::kBadInput;
    return;
  }
  if (!answer.value().canonical_name.empty()) found.canonical_name = answer.value().canonical_name;
  for (std::string& ip : net::addresses(answer.value())) {
    if (!options.allow_private && net::is_private_address(ip)) {
      found.had_private = true;
    } else {
      into.push_back(std::move(ip));
    }
  }
}

bool is_unproven(const Outcome<DnsAnswer>& answer) {
  return answer.ok() && answer.value().kind == DnsAnswer::Kind::kFound && !answer.value().secure;
}

Task<Found> find_addresses(net::Resolver& resolver, std::string name, const RouteOptions& options) {
  std::vector<Task<Outcome<DnsAnswer>>> asking;
  asking.push_back(resolver.resolve(name, DnsType::kAaaa));
  asking.push_back(resolver.resolve(name, DnsType::kA));
  auto all = all_of(std::move(asking));
  std::vector<std::optional<Outcome<DnsAnswer>>> answers = co_await all;
  Found found;
  std::vector<std::string> six, four;
  if (options.use_ipv6) take(found, *answers[0], options, six);
  if (options.use_ipv4) take(found, *answers[1], options, four);
  // What failed cannot make a proven name unproven (RFC 7672 §2.1.2): the
  // search for TLSA records then fails, too.
  found.is_secure = !is_unproven(*answers[0]) && !is_unproven(*answers[1]);
  for (std::size_t i = 0; i < std::max(six.size(), four.size()); ++i) {
    if (i < six.size()) found.addresses.push_back(std::move(six[i]));
    if (i < four.size()) found.addresses.push_back(std::move(four[i]));
  }
  co_return found;
}

Task<MxRoute> add_addresses(net::Resolver& resolver, MxRoute route, const RouteOptions& options) {
  std::vector<Task<Found>> asking;
  for (const MxHost& host : route.hosts)
    asking.push_back(find_addresses(resolver, host.name, options));
  auto all = all_of(std::move(asking));
  std::vector<std::optional<Found>> found = co_await all;
  bool had_trouble = false, had_private = false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    had_trouble = had_trouble || found[i]->had_trouble;
    had_private = had_private || found[i]->had_private;
    route.hosts[i].addresses = std::move(found[i]->addresses);
    route.hosts[i].canonical_name = std::move(found[i]->canonical_name);
    route.hosts[i].is_secure = found[i]->is_secure;
  }
  const bool is_ours = drop_from_ours_on(route.hosts, [&options](const MxHost& host) {
    return std::any_of(host.addresses.begin(), host.addresses.end(),
                       [&](const std::string& ip) { return is_own(options, ip); });
  });
  std::erase_if(route.hosts, [](const MxHost& host) { return host.addresses.empty(); });
  for (MxHost& host : route.hosts)
    host.addresses.resize(std::min(host.addresses.size(), options.most_addresses));
  if (!route.hosts.empty()) co_return route;
  const std::string domain = route.domain;
  if (had_trouble)
    co_return no_route(std::move(route), false, "4.4.3",
                       "the DNS gives no address of a mail host of " + domain);
  if (is_ours)
    co_return no_route(std::move(route), true, "5.4.6", "mail for " + domain + " loops back here");
  if (had_private)
    co_return no_route(std::move(route), true, "5.4.4",
                       "the mail hosts of " + domain + " have no public address");
  if (route.is_implicit)
    co_return no_route(std::move(route), true, "5.1.2", domain + " has no mail host");
  co_return no_route(std::move(route), true, "5.4.4",
                     "the mail hosts of " + domain + " have no address");
}

}  // namespace

Task<std::vector<std::string>> find_host_addresses(net::Resolver& resolver, std::string name,
                                                   RouteOptions options) {
  auto finding = find_addresses(resolver, std::move(name), options);
  Found found = co_await finding;
  found.addresses.resize(std::min(found.addresses.size(), options.most_addresses));
  co_return std::move(found.addresses);
}

Task<MxRoute> find_route(net::Resolver& resolver, std::string domain, RouteOptions options,
                         crypto::RandomBelow random) {
  MxRoute route;
  route.domain = to_lower(domain);
  if (!route.domain.empty() && route.domain.front() == '[')
    co_return literal_route(std::move(route), options);
  auto asking = resolver.resolve(route.domain, DnsType::kMx);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok()) co_return dns_trouble(std::move(route), answer.failure());
  route.is_secure_mx = answer.value().secure;
  if (answer.value().kind == DnsAnswer::Kind::kNoName)
    co_return no_route(std::move(route), true, "5.1.2", "there is no domain " + route.domain);
  if (answer.value().kind == DnsAnswer::Kind::kNoData) {
    route.is_implicit = true;
    MxHost host;
    host.name = route.domain;
    route.hosts.push_back(std::move(host));
  } else {
    std::vector<net::MxRecord> records = net::mx_records(answer.value());
    const bool is_null = records.size() == 1 && records.front().host.empty();  // RFC 7505 §3
    if (is_null)
      co_return no_route(std::move(route), true, "5.1.10",
                         route.domain + " takes no mail (null MX)");
    route.hosts = ordered_hosts(std::move(records), random);
  }
  const bool is_ours = drop_from_ours_on(
      route.hosts, [&options](const MxHost& host) { return holds(options.own_names, host.name); });
  if (is_ours && route.hosts.empty())
    co_return no_route(std::move(route), true, "5.4.6",
                       "mail for " + route.domain + " loops back here");
  route.hosts.resize(std::min(route.hosts.size(), options.most_hosts));
  auto adding = add_addresses(resolver, std::move(route), options);
  co_return co_await adding;
}

}  // namespace fwd::mailauth
