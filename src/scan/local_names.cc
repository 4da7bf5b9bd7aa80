// Finds scanners by name.
#include "scan/local_names.h"

#include <utility>

#include "core/text.h"
#include "net/socket_address.h"

namespace fwd::scan {

Task<Outcome<net::DnsAnswer>> LocalNames::resolve(std::string name, net::DnsType type) {
  if (same_word(name, "localhost") || same_word(name, "localhost.")) {
    net::DnsAnswer answer;
    answer.kind = net::DnsAnswer::Kind::kFound;
    if (type == net::DnsType::kA)
      answer.rdata.push_back({127, 0, 0, 1});
    else if (type == net::DnsType::kAaaa)
      answer.rdata.push_back(std::string(15, '\0') + '\1');
    else
      answer.kind = net::DnsAnswer::Kind::kNoData;
    co_return answer;
  }
  if (others_ == nullptr)
    co_return Failure{Fault::kNotFound, "", name + ": give its address, no DNS is asked here"};
  auto asking = others_->resolve(std::move(name), type);
  co_return co_await asking;
}

Task<Outcome<std::vector<std::string>>> find_host(net::Resolver& names, std::string host) {
  std::vector<std::string> found;
  if (net::ip_socket_address(host, 0)) {
    found.push_back(std::move(host));
    co_return found;
  }
  Failure trouble{Fault::kNotFound, "", host + " has no address"};
  for (const net::DnsType type : {net::DnsType::kA, net::DnsType::kAaaa}) {
    auto asking = names.resolve(host, type);
    const auto answer = co_await asking;
    if (!answer.ok()) {
      trouble = answer.failure();
      continue;
    }
    for (std::string& ip : net::addresses(answer.value())) found.push_back(std::move(ip));
  }
  if (found.empty()) co_return trouble;
  co_return found;
}

}  // namespace fwd::scan
