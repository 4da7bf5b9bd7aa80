// Addresses as octets, and the names the DNS has for them.
#include "mailauth/spf/ip_octets.h"

#include <arpa/inet.h>

#include <array>
#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kIp4 = 4, kIp6 = 16;
constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

}  // namespace

std::string written_ip_octets(std::string_view text) {
  // Longer is no address; a NUL would end it for inet_pton.
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return {};
  const std::string ip(text);
  std::array<char, kIp6> octets{};
  if (::inet_pton(AF_INET, ip.c_str(), octets.data()) == 1) return {octets.data(), kIp4};
  if (::inet_pton(AF_INET6, ip.c_str(), octets.data()) == 1) return {octets.data(), kIp6};
  return {};
}

std::string ip_octets(std::string_view text) {
  std::string octets = written_ip_octets(text);
  if (octets.size() == kIp6 && octets.starts_with(kMapped)) octets.erase(0, kMapped.size());
  return octets;
}

std::string ip_text(std::string_view octets) {
  if (octets.size() != kIp4 && octets.size() != kIp6) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = octets.size() == kIp4 ? AF_INET : AF_INET6;
  if (::inet_ntop(family, octets.data(), text.data(), text.size()) == nullptr) return {};
  return text.data();
}

std::string dotted_ip(std::string_view octets) {
  if (octets.size() == kIp4) return ip_text(octets);
  std::string dotted;
  for (const char digit : to_hex(octets)) {
    if (!dotted.empty()) dotted += '.';
    dotted += digit;
  }
  return dotted;
}

std::string reverse_name(std::string_view octets) {
  const std::string dotted = dotted_ip(octets);
  const std::vector<std::string_view> labels = split(dotted, '.');
  std::string name;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label)
    name += std::string(*label) + '.';
  return name + (octets.size() == kIp4 ? "in-addr.arpa" : "ip6.arpa");
}

bool is_same_network(std::string_view a, std::string_view b, unsigned bits) {
  if (a.size() != b.size() || bits > 8 * a.size()) return false;
  const std::size_t whole = bits / 8;
  if (a.substr(0, whole) != b.substr(0, whole)) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto differ = static_cast<unsigned char>(a[whole] ^ b[whole]);
  return differ >> (8 - rest) == 0;
}

Task<Outcome<HostAddresses>> find_host_octets(net::Resolver& resolver, std::string name,
                                              std::string like) {
  const auto type = like.size() == kIp4 ? net::DnsType::kA : net::DnsType::kAaaa;
  auto asking = resolver.resolve(std::move(name), type);
  const Outcome<net::DnsAnswer> answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  HostAddresses host;
  host.kind = answer.value().kind;
  for (const std::string& rdata : answer.value().rdata)
    if (rdata.size() == like.size()) host.octets.push_back(rdata);
  co_return host;
}

}  // namespace fwd::mailauth
