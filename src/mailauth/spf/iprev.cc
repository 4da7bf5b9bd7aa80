// Whether a client's address has a name that leads back to it.
#include "mailauth/spf/iprev.h"

#include <algorithm>
#include <utility>

#include "mailauth/spf/ip_octets.h"

namespace fwd::mailauth {
namespace {

using net::DnsAnswer;
using Verdict = IprevResult::Verdict;

constexpr std::size_t kMostNames = 5;

IprevResult iprev(Verdict verdict, std::string name, std::string problem) {
  IprevResult result;
  result.verdict = verdict;
  result.name = std::move(name);
  result.problem = std::move(problem);
  return result;
}

}  // namespace

std::string_view iprev_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kTempError:
      return "temperror";
    case Verdict::kPermError:
      break;
  }
  return "permerror";
}

Task<IprevResult> check_iprev(net::Resolver& resolver, std::string ip) {
  const std::string client = ip_octets(ip);
  if (client.empty()) co_return iprev(Verdict::kPermError, "", "the client has no IP address");
  const std::string ip_words = ip_text(client);
  auto asking = resolver.resolve(reverse_name(client), net::DnsType::kPtr);
  const Outcome<DnsAnswer> answer = co_await asking;
  if (!answer.ok())
    co_return iprev(Verdict::kTempError, "", "the DNS gives no name of " + ip_words);
  std::vector<std::string> names = net::names(answer.value());
  std::erase(names, "");
  if (names.empty()) co_return iprev(Verdict::kPermError, "", ip_words + " has no name");
  names.resize(std::min(names.size(), kMostNames));
  bool had_trouble = false;
  for (const std::string& name : names) {
    auto finding = find_host_octets(resolver, name, client);
    const Outcome<HostAddresses> host = co_await finding;
    if (!host.ok()) {
      had_trouble = had_trouble || host.failure().fault != Fault::kBadInput;
      continue;
    }
    const auto& octets = host.value().octets;
    if (std::find(octets.begin(), octets.end(), client) != octets.end())
      co_return iprev(Verdict::kPass, name, "");
  }
  if (had_trouble)
    co_return iprev(Verdict::kTempError, names.front(),
                    "the DNS gives no address of a name of " + ip_words);
  co_return iprev(Verdict::kFail, names.front(), "no name of " + ip_words + " leads back to it");
}

}  // namespace fwd::mailauth
