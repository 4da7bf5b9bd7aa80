// Which hosts take a domain's mail.
#include "mailauth/route/mx_route.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "finish.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class MxRouteTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MxRouteTest);
  CPPUNIT_TEST(hosts_come_by_preference_and_shuffled_within_one);
  CPPUNIT_TEST(a_domain_without_mx_is_its_own_host);
  CPPUNIT_TEST(a_null_mx_takes_no_mail);
  CPPUNIT_TEST(a_null_mx_beside_others_is_left_out);
  CPPUNIT_TEST(a_domain_that_is_not_there_fails_for_good);
  CPPUNIT_TEST(trouble_with_the_dns_is_temporary);
  CPPUNIT_TEST(a_host_whose_addresses_cannot_be_asked_makes_it_temporary);
  CPPUNIT_TEST(hosts_without_addresses_fail_for_good);
  CPPUNIT_TEST(we_send_only_to_better_hosts_than_ourselves);
  CPPUNIT_TEST(a_host_at_our_address_is_ourselves);
  CPPUNIT_TEST(an_mx_that_is_an_alias_is_followed);
  CPPUNIT_TEST(private_addresses_are_left_out_unless_allowed);
  CPPUNIT_TEST(literals_are_addresses);
  CPPUNIT_TEST(hosts_and_addresses_are_bounded);
  CPPUNIT_TEST(both_kinds_of_addresses_take_turns);
  CPPUNIT_TEST(a_host_without_mx_has_its_addresses_in_turns_too);
  CPPUNIT_TEST(names_that_are_none_fail_for_good);
  CPPUNIT_TEST_SUITE_END();

  test::ScriptedResolver dns_;
  RouteOptions options_;

  MxRoute route(const std::string& domain, std::size_t number = 0) {
    return test::finish(
        find_route(dns_, domain, options_, [number](std::size_t below) { return number % below; }));
  }
  static std::string hosts(const MxRoute& route) {
    std::string all;
    for (const MxHost& host : route.hosts) all += host.name + " ";
    return all;
  }
  static void expect(const MxRoute& route, bool is_permanent, const std::string& status) {
    CPPUNIT_ASSERT(route.problem.has_value());
    CPPUNIT_ASSERT_EQUAL(status, route.problem->status);
    CPPUNIT_ASSERT_EQUAL(is_permanent, route.problem->is_permanent);
    CPPUNIT_ASSERT(route.hosts.empty());
  }
  void three_hosts() {
    dns_.mx("d.example", 20, "c.example");
    dns_.mx("d.example", 10, "a.example");
    dns_.mx("d.example", 10, "b.example");
    dns_.a("a.example", "192.88.0.1");
    dns_.a("b.example", "192.88.0.2");
    dns_.a("c.example", "192.88.0.3");
  }

 public:
  // RFC 5321 §5.1
  void hosts_come_by_preference_and_shuffled_within_one() {
    three_hosts();
    const std::string one = hosts(route("d.example", 0));
    bool differs = false;
    for (std::size_t i = 0; i < 6; ++i) {
      const std::string other = hosts(route("D.Example", i));
      CPPUNIT_ASSERT(other == "a.example b.example c.example " ||
                     other == "b.example a.example c.example ");
      differs = differs || other != one;
    }
    CPPUNIT_ASSERT(differs);
  }

  void a_domain_without_mx_is_its_own_host() {
    dns_.aaaa("d.example", "2a00::1");
    dns_.secure("d.example");
    const MxRoute found = route("d.example");
    CPPUNIT_ASSERT_EQUAL(std::string("d.example "), hosts(found));
    CPPUNIT_ASSERT(found.is_implicit && found.is_secure_mx && found.hosts[0].is_secure);
    dns_.exists("e.example");
    expect(route("e.example"), true, "5.1.2");
  }

  // RFC 7505 §3
  void a_null_mx_takes_no_mail() {
    dns_.mx("d.example", 0, ".");
    dns_.a("d.example", "192.88.0.1");
    expect(route("d.example"), true, "5.1.10");
  }

  void a_null_mx_beside_others_is_left_out() {
    three_hosts();
    dns_.mx("d.example", 0, ".");
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, route("d.example").hosts.size());
  }

  void a_domain_that_is_not_there_fails_for_good() { expect(route("no.example"), true, "5.1.2"); }

  void trouble_with_the_dns_is_temporary() {
    dns_.fail("d.example", DnsType::kMx);
    expect(route("d.example"), false, "4.4.3");
    dns_.fail("e.example", DnsType::kMx, Fault::kTimeout);
    expect(route("e.example"), false, "4.4.3");
  }

  void a_host_whose_addresses_cannot_be_asked_makes_it_temporary() {
    dns_.mx("d.example", 10, "a.example");
    dns_.fail("a.example", DnsType::kA);
    expect(route("d.example"), false, "4.4.3");
    // Another host will do.
    dns_.mx("d.example", 20, "b.example");
    dns_.a("b.example", "192.88.0.2");
    CPPUNIT_ASSERT_EQUAL(std::string("b.example "), hosts(route("d.example")));
  }

  void hosts_without_addresses_fail_for_good() {
    dns_.mx("d.example", 10, "a.example");
    expect(route("d.example"), true, "5.4.4");
  }

  void we_send_only_to_better_hosts_than_ourselves() {
    three_hosts();
    options_.own_names = {"C.example"};
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, route("d.example").hosts.size());
    options_.own_names = {"a.example"};
    expect(route("d.example"), true, "5.4.6");
    options_.own_names = {"us.example"};
    dns_.a("us.example", "192.88.0.9");
    expect(route("us.example"), true, "5.4.6");
  }

  void own_addresses(std::vector<std::string> ours) {
    options_.is_own_address = [ours](const std::string& ip) {
      return std::find(ours.begin(), ours.end(), ip) != ours.end();
    };
  }

  void a_host_at_our_address_is_ourselves() {
    three_hosts();
    own_addresses({"192.88.0.3"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, route("d.example").hosts.size());
    own_addresses({"192.88.0.1", "192.88.0.2"});
    expect(route("d.example"), true, "5.4.6");
  }

  void an_mx_that_is_an_alias_is_followed() {
    dns_.mx("d.example", 10, "alias.example");
    dns_.cname("alias.example", "a.example");
    dns_.a("a.example", "192.88.0.1");
    dns_.secure("alias.example");
    const MxRoute unproven = route("d.example");
    CPPUNIT_ASSERT_EQUAL(std::string("alias.example "), hosts(unproven));
    CPPUNIT_ASSERT_EQUAL(std::string("a.example"), unproven.hosts[0].canonical_name);
    CPPUNIT_ASSERT(!unproven.hosts[0].is_secure);
    dns_.secure("a.example");
    CPPUNIT_ASSERT(route("d.example").hosts[0].is_secure);
  }

  void private_addresses_are_left_out_unless_allowed() {
    dns_.mx("d.example", 10, "a.example");
    for (const char* ip : {"10.1.2.3", "127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"})
      dns_.a("a.example", ip);
    for (const char* ip : {"::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "::"})
      dns_.aaaa("a.example", ip);
    expect(route("d.example"), true, "5.4.4");
    options_.allow_private = true;
    options_.most_addresses = 20;
    CPPUNIT_ASSERT_EQUAL(std::size_t{11}, route("d.example").hosts[0].addresses.size());
  }

  // RFC 5321 §4.1.3
  void literals_are_addresses() {
    CPPUNIT_ASSERT_EQUAL(std::string("192.88.0.1"), route("[192.88.0.1]").hosts[0].addresses[0]);
    const MxRoute six = route("[IPv6:2a00::1]");
    CPPUNIT_ASSERT_EQUAL(std::string("2a00::1"), six.hosts[0].name);
    CPPUNIT_ASSERT(six.is_literal && !six.is_secure_mx);
    expect(route("[x]"), true, "5.1.3");
    expect(route("["), true, "5.1.3");
    expect(route("[127.0.0.1]"), true, "5.4.4");
    own_addresses({"192.88.0.1"});
    expect(route("[192.88.0.1]"), true, "5.4.6");
  }

  void hosts_and_addresses_are_bounded() {
    for (int i = 0; i < 100; ++i) {
      const std::string host = "h" + std::to_string(i) + ".example";
      dns_.mx("d.example", 10, host);
      for (int j = 1; j < 20; ++j) dns_.a(host, "192.88.0." + std::to_string(j));
    }
    const MxRoute found = route("d.example", 3);
    CPPUNIT_ASSERT_EQUAL(options_.most_hosts, found.hosts.size());
    for (const MxHost& host : found.hosts)
      CPPUNIT_ASSERT_EQUAL(options_.most_addresses, host.addresses.size());
  }

  void both_kinds_of_addresses_take_turns() {
    dns_.mx("d.example", 10, "a.example");
    dns_.a("a.example", "192.88.0.1");
    dns_.a("a.example", "192.88.0.2");
    dns_.aaaa("a.example", "2a00::1");
    const std::vector<std::string> wanted{"2a00::1", "192.88.0.1", "192.88.0.2"};
    CPPUNIT_ASSERT(wanted == route("d.example").hosts[0].addresses);
    options_.use_ipv6 = false;
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, route("d.example").hosts[0].addresses.size());
  }

  // As of a smarthost: a host with one kind of addresses must come to all it can use.
  void a_host_without_mx_has_its_addresses_in_turns_too() {
    for (const char* ip : {"2a00::1", "2a00::2", "2a00::3", "2a00::4", "2a00::5"})
      dns_.aaaa("relay.example", ip);
    dns_.a("relay.example", "192.88.0.1");
    dns_.a("relay.example", "10.0.0.1");
    const auto found = [this] {
      return test::finish(find_host_addresses(dns_, "relay.example", options_));
    };
    CPPUNIT_ASSERT((std::vector<std::string>{"2a00::1", "192.88.0.1", "2a00::2", "2a00::3"}) ==
                   found());
    options_.allow_private = true;
    CPPUNIT_ASSERT_EQUAL(std::string("10.0.0.1"), found().at(3));
    options_.use_ipv4 = false;
    CPPUNIT_ASSERT_EQUAL(std::string("2a00::2"), found().at(1));
    dns_.fail("relay.example", DnsType::kAaaa);
    CPPUNIT_ASSERT(found().empty());
  }

  void names_that_are_none_fail_for_good() {
    dns_.fail("a..b", DnsType::kMx, Fault::kBadInput);
    expect(route("a..b"), true, "5.1.2");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MxRouteTest);

}  // namespace
}  // namespace fwd::mailauth
