#ifndef FWD_TESTS_UNIT_NET_SCRIPTED_RESOLVER_H
#define FWD_TESTS_UNIT_NET_SCRIPTED_RESOLVER_H

// A Resolver that answers what a test has written down; names it does not know
// do not exist, and others' types of a name have no data.
//
//   dns.mx("example.test", 10, "mx1.example.test");
//   dns.a("mx1.example.test", "192.0.2.1");
//   dns.secure("example.test");             // all answers for that name
//   dns.fail("other.test", DnsType::kMx);   // SERVFAIL

#include <arpa/inet.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "net/resolver.h"

namespace fwd::test {

class ScriptedResolver final : public net::Resolver {
 public:
  void mx(const std::string& name, std::uint16_t preference, std::string_view host) {
    std::string data(1, static_cast<char>(preference >> 8));
    data += static_cast<char>(preference & 0xff);
    add(name, net::DnsType::kMx, data + wire_name(host));
  }
  void a(const std::string& name, const std::string& ip) {
    add_address(name, net::DnsType::kA, AF_INET, 4, ip);
  }
  void aaaa(const std::string& name, const std::string& ip) {
    add_address(name, net::DnsType::kAaaa, AF_INET6, 16, ip);
  }
  void txt(const std::string& name, std::string_view text) {
    std::string data;
    while (!text.empty()) {
      const std::string_view piece = text.substr(0, 255);
      data += static_cast<char>(piece.size());
      data += piece;
      text.remove_prefix(piece.size());
    }
    add(name, net::DnsType::kTxt, data);
  }
  // "3 1 1" as numbers, and the raw octets.
  void tlsa(const std::string& name, int usage, int selector, int matching,
            const std::string& octets) {
    std::string data{static_cast<char>(usage), static_cast<char>(selector),
                     static_cast<char>(matching)};
    add(name, net::DnsType::kTlsa, data + octets);
  }
  // Of an address's name in the reverse tree: ptr("1.2.0.192.in-addr.arpa", "a.example").
  void ptr(const std::string& name, std::string_view host) {
    add(name, net::DnsType::kPtr, wire_name(host));
  }
  void cname(const std::string& name, const std::string& target) { aliases_[name] = target; }
  void add(const std::string& name, net::DnsType type, std::string rdata) {
    names_.insert(name);
    net::DnsAnswer& answer = answers_[{name, type}];
    answer.kind = net::DnsAnswer::Kind::kFound;
    answer.ttl = 300;
    answer.rdata.push_back(std::move(rdata));
  }
  // The name exists, without data of any type yet.
  void exists(const std::string& name) { names_.insert(name); }
  void secure(const std::string& name) { secure_.insert(name); }
  void fail(const std::string& name, net::DnsType type, Fault fault = Fault::kUnavailable,
            std::string why = "SERVFAIL") {
    failures_[{name, type}] = Failure{fault, "DNS is not available", std::move(why)};
  }
  void forget(const std::string& name, net::DnsType type) { answers_.erase({name, type}); }
  // How often `type` of `name` was asked for.
  int asked(const std::string& name, net::DnsType type) { return asked_[{name, type}]; }

  Task<Outcome<net::DnsAnswer>> resolve(std::string name, net::DnsType type) override {
    co_return answer(std::move(name), type);
  }

  static std::string wire_name(std::string_view name) {
    std::string wire;
    for (const std::string_view label : split(name, '.')) {
      if (label.empty()) continue;
      wire += static_cast<char>(label.size());
      wire += label;
    }
    return wire + std::string(1, '\0');
  }

 private:
  using Key = std::pair<std::string, net::DnsType>;

  void add_address(const std::string& name, net::DnsType type, int family, std::size_t size,
                   const std::string& ip) {
    char octets[16];
    ::inet_pton(family, ip.c_str(), octets);
    add(name, type, std::string(octets, size));
  }

  Outcome<net::DnsAnswer> answer(std::string name, net::DnsType type) {
    if (!name.empty() && name.back() == '.') name.pop_back();
    ++asked_[{name, type}];
    bool is_secure = true;
    std::string canonical;
    for (int hops = 0; aliases_.contains(name) && type != net::DnsType::kCname; ++hops) {
      if (hops == 10) return Failure{Fault::kUnavailable, "", "SERVFAIL: CNAME loop"};
      is_secure = is_secure && secure_.contains(name);
      name = canonical = aliases_[name];
    }
    const auto failed = failures_.find({name, type});
    if (failed != failures_.end()) return failed->second;
    net::DnsAnswer answer;
    const auto found = answers_.find({name, type});
    if (found != answers_.end()) {
      answer = found->second;
    } else if (type == net::DnsType::kCname && aliases_.contains(name)) {
      answer.kind = net::DnsAnswer::Kind::kFound;
      answer.rdata.push_back(wire_name(aliases_[name]));
    } else if (names_.contains(name)) {
      answer.kind = net::DnsAnswer::Kind::kNoData;
    }
    answer.canonical_name = canonical;
    answer.secure = is_secure && secure_.contains(name);
    return answer;
  }

  std::map<Key, net::DnsAnswer> answers_;
  std::map<Key, Failure> failures_;
  std::map<Key, int> asked_;
  std::map<std::string, std::string> aliases_;
  std::set<std::string> names_, secure_;
};

}  // namespace fwd::test

#endif
