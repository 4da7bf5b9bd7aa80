// IP addresses and networks.
#include "format/ip_network.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::format {

class IpNetworkTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(IpNetworkTest);
  CPPUNIT_TEST(each_has_one_text);
  CPPUNIT_TEST(what_is_neither_is_refused);
  CPPUNIT_TEST(networks_lie_in_wider_ones);
  CPPUNIT_TEST(our_own_networks_are_known);
  CPPUNIT_TEST_SUITE_END();

  static std::string text(std::string_view written) {
    const auto network = parse_ip_network(written);
    return network ? network->text() : "-";
  }

 public:
  void each_has_one_text() {
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), text("192.0.2.1"));
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), text("192.0.2.1/32"));
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.0/25"), text("192.0.2.77/25"));
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.128/25"), text("192.0.2.255/25"));
    CPPUNIT_ASSERT_EQUAL(std::string("0.0.0.0/0"), text("192.0.2.1/0"));
    CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::1"), text("2001:0DB8:0::0001"));
    CPPUNIT_ASSERT_EQUAL(std::string("2001:db8:0:ff80::/57"), text("2001:db8:0:ffff::1/57"));
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), text("::ffff:192.0.2.1"));
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.0/24"), text("::ffff:192.0.2.9/120"));
    CPPUNIT_ASSERT_EQUAL(std::string("::/64"), text("::ffff:192.0.2.9/64"));
  }

  void what_is_neither_is_refused() {
    for (const char* text : {"", "192.0.2", "192.0.2.256", "192.0.2.1/33", "192.0.2.1/", "::1/129",
                             "192.0.2.1/-1", "example.test", "fe80::1%eth0", "1.2.3.4 ", "/8"})
      CPPUNIT_ASSERT_MESSAGE(text, !parse_ip_network(text));
    CPPUNIT_ASSERT(!parse_ip_network(std::string_view("192.0.2.1\0x", 11)));
    CPPUNIT_ASSERT(!parse_ip_network(std::string(5000, ':')));
    CPPUNIT_ASSERT(!parse_ip("192.0.2.1/32") && parse_ip("::1")->is_address());
  }

  void networks_lie_in_wider_ones() {
    const IpNetwork one = *parse_ip("203.0.113.200");
    CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.192/26"), one.around(26).text());
    CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.200"), one.around(32).text());
    CPPUNIT_ASSERT(one.around(8).contains(one) && one.contains(one));
    CPPUNIT_ASSERT(!one.contains(one.around(31)));
    CPPUNIT_ASSERT(!parse_ip_network("::/0")->contains(one));
    CPPUNIT_ASSERT(parse_ip_network("0.0.0.0/0")->contains(one));
  }

  void our_own_networks_are_known() {
    for (const char* ip : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.0.1",
                           "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"})
      CPPUNIT_ASSERT_MESSAGE(ip, is_own_network(*parse_ip(ip)));
    for (const char* ip :
         {"192.0.2.1", "172.32.0.1", "100.64.0.1", "::2", "2001:db8::1", "8.8.8.8"})
      CPPUNIT_ASSERT_MESSAGE(ip, !is_own_network(*parse_ip(ip)));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(IpNetworkTest);

}  // namespace fwd::format
