// SPF: how much a stranger's record may make us ask.
#include <cppunit/extensions/HelperMacros.h>

#include "spf_rig.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class SpfLimitsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpfLimitsTest);
  CPPUNIT_TEST(ten_terms_may_ask);
  CPPUNIT_TEST(includes_count_with_what_they_include);
  CPPUNIT_TEST(circles_end);
  CPPUNIT_TEST(networks_all_and_exp_do_not_count);
  CPPUNIT_TEST(two_answers_may_be_void);
  CPPUNIT_TEST(void_hosts_of_mx_and_void_explanations_do_not_count);
  CPPUNIT_TEST(the_clients_name_is_asked_for_once);
  CPPUNIT_TEST(more_than_ten_mail_hosts_are_a_permanent_error);
  CPPUNIT_TEST(names_of_the_client_beyond_ten_are_ignored);
  CPPUNIT_TEST(addresses_have_no_limit);
  CPPUNIT_TEST(records_have_a_limit);
  CPPUNIT_TEST_SUITE_END();

  test::SpfRig rig_;

  void expect(const std::string& word, const std::string& record) { rig_.expect(word, record); }
  static std::string times(int count, const std::string& term) {
    std::string all;
    for (int i = 0; i < count; ++i) all += " " + term;
    return all;
  }

 public:
  void setUp() override {
    rig_.dns_.a("shop.example", "198.51.100.1");
    rig_.dns_.mx("shop.example", 10, "shop.example");
  }

  // RFC 7208 §4.6.4
  void ten_terms_may_ask() {
    const std::string nine = times(3, "a mx exists:e.shop.example");
    rig_.limits_.void_lookups = 4;
    expect("pass", "v=spf1" + nine + " ptr ip4:192.0.2.7 -all");
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{10}, rig_.check().lookups);
    expect("permerror", "v=spf1" + nine + " ptr a ip4:192.0.2.7 -all");
    CPPUNIT_ASSERT_EQUAL(std::string("more than 10 terms ask the DNS"), rig_.check().problem);
    expect("permerror", "v=spf1" + nine + " ptr redirect=next.example");
    // Terms that are never reached do not count.
    expect("pass", "v=spf1 ip4:192.0.2.7" + nine + nine);
  }

  void includes_count_with_what_they_include() {
    rig_.publish("eight.example", "v=spf1" + times(8, "a:shop.example"));
    expect("pass", "v=spf1 a include:eight.example ip4:192.0.2.7 mx -all");
    expect("permerror", "v=spf1 a include:eight.example a ip4:192.0.2.7 -all");
    rig_.publish("nine.example", "v=spf1 redirect=eight.example");
    expect("pass", "v=spf1 include:nine.example ip4:192.0.2.7 -all");
    expect("permerror", "v=spf1 a include:nine.example ip4:192.0.2.7 -all");
  }

  void circles_end() {
    expect("permerror", "v=spf1 ip4:192.0.2.8 redirect=shop.example");
    CPPUNIT_ASSERT_EQUAL(11, rig_.dns_.asked("shop.example", DnsType::kTxt));
    rig_.publish("b.example", "v=spf1 include:shop.example");
    expect("permerror", "v=spf1 include:b.example all");
  }

  void networks_all_and_exp_do_not_count() {
    rig_.limits_.lookups = 0;
    rig_.dns_.txt("why.example", "no");
    expect("fail", "v=spf1" + times(50, "ip4:192.0.2.8 ip6:::1") + " -all exp=why.example");
    CPPUNIT_ASSERT_EQUAL(std::string("no"), rig_.check().explanation);
    expect("permerror", "v=spf1 exists:%{p}.example -all");
  }

  // RFC 7208 §4.6.4
  void two_answers_may_be_void() {
    rig_.dns_.exists("empty.example");
    expect("neutral", "v=spf1 a:no1.example a:empty.example ?all");
    expect("permerror", "v=spf1 a:no1.example exists:no2.example mx:empty.example ?all");
    CPPUNIT_ASSERT_EQUAL(std::string("more than 2 terms ask for what the DNS does not have"),
                         rig_.check().problem);
    expect("permerror", "v=spf1 a:no1.example a:no2.example ptr ?all");
    rig_.publish("b.example", "v=spf1 a:no1.example a:no2.example");
    expect("permerror", "v=spf1 a:no1.example include:b.example ?all");
    rig_.limits_.void_lookups = 3;
    expect("neutral", "v=spf1 a:no1.example include:b.example ?all");
  }

  void void_hosts_of_mx_and_void_explanations_do_not_count() {
    for (int i = 0; i < 5; ++i)
      rig_.dns_.mx("gone.example", 10, "in" + std::to_string(i) + ".gone.example");
    expect("fail", "v=spf1 mx:gone.example a:no1.example a:no2.example exp=no3.example -all");
  }

  void the_clients_name_is_asked_for_once() {
    rig_.dns_.exists("unknown.shop.example");
    rig_.dns_.a("unknown.shop.example", "127.0.0.2");
    expect("fail", "v=spf1" + times(4, "ptr -exists:%{p}.other..example") + " -exists:%{p}.%{d}");
    expect("fail", "v=spf1" + times(9, "ptr") + " -exists:%{p}.%{d}");
    CPPUNIT_ASSERT_EQUAL(2, rig_.dns_.asked("7.2.0.192.in-addr.arpa", DnsType::kPtr));
  }

  // RFC 7208 §4.6.4
  void more_than_ten_mail_hosts_are_a_permanent_error() {
    for (int i = 0; i < 10; ++i) {
      const std::string host = "in" + std::to_string(i) + ".many.example";
      rig_.dns_.mx("many.example", 10, host);
      rig_.dns_.a(host, i == 9 ? "192.0.2.7" : "198.51.100.1");
    }
    expect("pass", "v=spf1 mx:many.example -all");
    rig_.dns_.mx("many.example", 20, "in0.many.example");
    expect("permerror", "v=spf1 mx:many.example -all");
    CPPUNIT_ASSERT_EQUAL(std::string("many.example has more MX hosts than may be asked for"),
                         rig_.check().problem);
  }

  // RFC 7208 §4.6.4
  void names_of_the_client_beyond_ten_are_ignored() {
    for (int i = 0; i < 11; ++i) {
      const std::string host =
          "out" + std::to_string(i) + (i < 9 ? ".other" : ".shop") + ".example";
      rig_.dns_.ptr("7.2.0.192.in-addr.arpa", host);
      if (i != 9) rig_.dns_.a(host, "192.0.2.7");
    }
    expect("fail", "v=spf1 ptr -all");
    CPPUNIT_ASSERT_EQUAL(0, rig_.dns_.asked("out10.shop.example", DnsType::kA));
    rig_.dns_.a("out9.shop.example", "192.0.2.7");
    expect("pass", "v=spf1 ptr -all");
  }

  void addresses_have_no_limit() {
    for (int i = 100; i < 140; ++i) rig_.dns_.a("big.example", "198.51.100." + std::to_string(i));
    rig_.dns_.a("big.example", "192.0.2.7");
    expect("pass", "v=spf1 a:big.example -all");
  }

  void records_have_a_limit() {
    expect("fail", "v=spf1" + times(1000, "ip4:192.0.2.8") + " -all");
    expect("permerror", "v=spf1" + times(2000, "ip4:192.0.2.8") + " -all");
    CPPUNIT_ASSERT_EQUAL(std::string("the SPF record of shop.example is too long"),
                         rig_.check().problem);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpfLimitsTest);

}  // namespace
}  // namespace fwd::mailauth
