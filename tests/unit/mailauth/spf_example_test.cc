// The extended examples that RFC 7208 Appendix A publishes, as they stand there.
#include <cppunit/extensions/HelperMacros.h>

#include "spf_rig.h"

namespace fwd::mailauth {
namespace {

class SpfExampleTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpfExampleTest);
  CPPUNIT_TEST(simple_examples);
  CPPUNIT_TEST(multiple_domain_example);
  CPPUNIT_TEST(dnsbl_style_example);
  CPPUNIT_TEST(multiple_requirements_example);
  CPPUNIT_TEST_SUITE_END();

  test::SpfRig rig_;

  // Those of the zones' addresses, and two others, that pass with `record`.
  std::string passing(const std::string& record) {
    rig_.publish("example.com", record);
    std::string all;
    for (const char* ip : {"192.0.2.10", "192.0.2.11", "192.0.2.65", "192.0.2.66", "192.0.2.129",
                           "192.0.2.130", "192.0.2.140", "192.0.2.131", "10.0.0.4"}) {
      const std::string word = rig_.word_from(ip);
      if (word == "pass") all += std::string(all.empty() ? "" : " ") + ip;
      if (word != "pass") CPPUNIT_ASSERT_EQUAL_MESSAGE(record, std::string("fail"), word);
    }
    return all;
  }
  void expect(const std::string& ips, const std::string& record) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(record, ips, passing(record));
  }
  void host(const std::string& name, const std::string& last) {
    rig_.dns_.a(name, "192.0.2." + last);
    rig_.dns_.ptr(last + ".2.0.192.in-addr.arpa", name);
  }

 public:
  void setUp() override {
    rig_.question_.sender = "mary@example.com";
    rig_.dns_.mx("example.com", 10, "mail-a.example.com");
    rig_.dns_.mx("example.com", 20, "mail-b.example.com");
    rig_.dns_.mx("example.org", 10, "mail-c.example.org");
    host("example.com", "10");
    host("example.com", "11");
    host("amy.example.com", "65");
    host("bob.example.com", "66");
    host("mail-a.example.com", "129");
    host("mail-b.example.com", "130");
    host("mail-c.example.org", "140");
    rig_.dns_.ptr("4.0.0.10.in-addr.arpa", "bob.example.com");
  }

  // RFC 7208 Appendix A.1
  void simple_examples() {
    expect(
        "192.0.2.10 192.0.2.11 192.0.2.65 192.0.2.66 192.0.2.129 192.0.2.130 192.0.2.140 "
        "192.0.2.131 10.0.0.4",
        "v=spf1 +all");
    expect("192.0.2.10 192.0.2.11", "v=spf1 a -all");
    expect("", "v=spf1 a:example.org -all");
    expect("192.0.2.129 192.0.2.130", "v=spf1 mx -all");
    expect("192.0.2.140", "v=spf1 mx:example.org -all");
    expect("192.0.2.129 192.0.2.130 192.0.2.140", "v=spf1 mx mx:example.org -all");
    expect("192.0.2.129 192.0.2.130 192.0.2.140 192.0.2.131",
           "v=spf1 mx/30 mx:example.org/30 -all");
    expect("192.0.2.10 192.0.2.11 192.0.2.65 192.0.2.66 192.0.2.129 192.0.2.130",
           "v=spf1 ptr -all");
    expect("192.0.2.129 192.0.2.130 192.0.2.140 192.0.2.131", "v=spf1 ip4:192.0.2.128/28 -all");
  }

  // RFC 7208 Appendix A.2
  void multiple_domain_example() {
    rig_.publish("example.com", "v=spf1 ip4:192.0.2.65 -all");
    rig_.publish("example.net", "v=spf1 ip4:192.0.2.66 -all");
    rig_.publish("example.org", "v=spf1 include:example.com include:example.net -all");
    rig_.publish("la.example.org", "v=spf1 redirect=example.org");
    rig_.question_.sender = "mary@la.example.org";
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), rig_.word_from("192.0.2.65"));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), rig_.word_from("192.0.2.66"));
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), rig_.word_from("192.0.2.67"));
  }

  // RFC 7208 Appendix A.3
  void dnsbl_style_example() {
    rig_.publish("example.com",
                 "v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all");
    rig_.publish("mobile-users._spf.example.com", "v=spf1 exists:%{l1r+}.%{d}");
    rig_.publish("remote-users._spf.example.com", "v=spf1 exists:%{ir}.%{l1r+}.%{d}");
    rig_.dns_.a("mary.mobile-users._spf.example.com", "127.0.0.2");
    rig_.dns_.a("15.15.168.192.joel.remote-users._spf.example.com", "127.0.0.2");
    rig_.question_.sender = "mary+lists@example.com";
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), rig_.word_from("198.51.100.1"));
    rig_.question_.sender = "joel@example.com";
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), rig_.word_from("198.51.100.1"));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), rig_.word_from("192.168.15.15"));
  }

  // RFC 7208 Appendix A.4
  void multiple_requirements_example() {
    rig_.publish("ip4._spf.example.com", "v=spf1 -ip4:192.0.2.0/24 +all");
    rig_.publish("ptr._spf.example.com", "v=spf1 -ptr:example.com +all");
    expect("192.0.2.10 192.0.2.11 192.0.2.65 192.0.2.66 192.0.2.129 192.0.2.130",
           "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpfExampleTest);

}  // namespace
}  // namespace fwd::mailauth
