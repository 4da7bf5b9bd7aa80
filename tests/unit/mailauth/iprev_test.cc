// Whether a client's address has a name that leads back to it.
#include "mailauth/spf/iprev.h"

#include <cppunit/extensions/HelperMacros.h>

#include "finish.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class IprevTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(IprevTest);
  CPPUNIT_TEST(a_name_that_leads_back_passes);
  CPPUNIT_TEST(the_second_name_may_lead_back);
  CPPUNIT_TEST(names_that_lead_elsewhere_fail);
  CPPUNIT_TEST(an_address_without_a_name_is_a_permanent_error);
  CPPUNIT_TEST(trouble_with_the_dns_is_a_temporary_error);
  CPPUNIT_TEST(only_five_names_are_tried);
  CPPUNIT_TEST_SUITE_END();

  static constexpr const char* kReverse = "7.2.0.192.in-addr.arpa";
  test::ScriptedResolver dns_;

  std::string check(const std::string& ip = "192.0.2.7") {
    const IprevResult result = test::finish(check_iprev(dns_, ip));
    CPPUNIT_ASSERT_EQUAL(result.verdict == IprevResult::Verdict::kPass, result.problem.empty());
    return std::string(iprev_word(result.verdict)) + " " + result.name;
  }
  void expect(const std::string& expected) { CPPUNIT_ASSERT_EQUAL(expected, check()); }

 public:
  // RFC 8601 §3
  void a_name_that_leads_back_passes() {
    dns_.ptr(kReverse, "Mta.Shop.Example");
    dns_.a("mta.shop.example", "192.0.2.6");
    dns_.a("mta.shop.example", "192.0.2.7");
    expect("pass mta.shop.example");
    CPPUNIT_ASSERT_EQUAL(std::string("pass mta.shop.example"), check("::ffff:192.0.2.7"));
    dns_.ptr("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
             "six.example");
    dns_.aaaa("six.example", "2001:db8::1");
    CPPUNIT_ASSERT_EQUAL(std::string("pass six.example"), check("2001:DB8::1"));
  }

  void the_second_name_may_lead_back() {
    dns_.ptr(kReverse, "a.example");
    dns_.ptr(kReverse, "b.example");
    dns_.fail("a.example", DnsType::kA);
    dns_.a("b.example", "192.0.2.7");
    expect("pass b.example");
  }

  // RFC 8601 §2.7.3
  void names_that_lead_elsewhere_fail() {
    dns_.ptr(kReverse, "a.example");
    expect("fail a.example");
    dns_.a("a.example", "192.0.2.8");
    dns_.ptr(kReverse, "b.example");
    dns_.aaaa("b.example", "2001:db8::1");
    expect("fail a.example");
  }

  // RFC 8601 §2.7.3
  void an_address_without_a_name_is_a_permanent_error() {
    expect("permerror ");
    dns_.exists(kReverse);
    expect("permerror ");
    dns_.ptr(kReverse, "");
    expect("permerror ");
    for (const char* none : {"", "a.example", "192.0.2", "192.0.2.7 ", "[192.0.2.7]"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(none, std::string("permerror "), check(none));
  }

  // RFC 8601 §2.7.3
  void trouble_with_the_dns_is_a_temporary_error() {
    dns_.fail(kReverse, DnsType::kPtr);
    expect("temperror ");
    CPPUNIT_ASSERT_EQUAL(0, dns_.asked("a.example", DnsType::kA));
    dns_ = test::ScriptedResolver();
    dns_.ptr(kReverse, "a.example");
    dns_.ptr(kReverse, "b.example");
    dns_.fail("b.example", DnsType::kA, Fault::kTimeout);
    expect("temperror a.example");
  }

  void only_five_names_are_tried() {
    for (const char* name :
         {"a.example", "b.example", "c.example", "d.example", "e.example", "f.example"})
      dns_.ptr(kReverse, name);
    dns_.a("f.example", "192.0.2.7");
    expect("fail a.example");
    CPPUNIT_ASSERT_EQUAL(1, dns_.asked("e.example", DnsType::kA));
    CPPUNIT_ASSERT_EQUAL(0, dns_.asked("f.example", DnsType::kA));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(IprevTest);

}  // namespace
}  // namespace fwd::mailauth
