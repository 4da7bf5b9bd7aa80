// A published SPF record, read.
#include "mailauth/spf/spf_record.h"

#include <cppunit/extensions/HelperMacros.h>

#include "mailauth/spf/ip_octets.h"

namespace fwd::mailauth {
namespace {

class SpfRecordTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpfRecordTest);
  CPPUNIT_TEST(the_version_makes_a_record);
  CPPUNIT_TEST(terms_are_parted_by_spaces_only);
  CPPUNIT_TEST(mechanisms_are_read_whole);
  CPPUNIT_TEST(names_have_no_case);
  CPPUNIT_TEST(lengths_are_bounded_and_written_plainly);
  CPPUNIT_TEST(networks_are_addresses_of_their_kind);
  CPPUNIT_TEST(mechanisms_take_only_their_own_arguments);
  CPPUNIT_TEST(modifiers_stand_once_and_unknown_ones_anywhere);
  CPPUNIT_TEST(the_wrong_term_is_named_in_visible_ascii);
  CPPUNIT_TEST_SUITE_END();

  static SpfRecord parsed(const std::string& terms) {
    auto record = parse_spf_record("v=spf1 " + terms);
    CPPUNIT_ASSERT_MESSAGE(terms, record.ok());
    return std::move(record).value();
  }
  static bool fits(const std::string& terms) { return parse_spf_record("v=spf1 " + terms).ok(); }

 public:
  // RFC 7208 §4.5
  void the_version_makes_a_record() {
    for (const char* text : {"v=spf1", "v=spf1 ", "V=SPF1 -all", "v=spf1 moo"})
      CPPUNIT_ASSERT_MESSAGE(text, is_spf_record(text));
    for (const char* text : {"", "v=spf", "v=spf10", "v=spf1-all", "v=spf2.0/pra", " v=spf1",
                             "v=spf1\t-all", "\"v=spf1 -all\"", "v = spf1"})
      CPPUNIT_ASSERT_MESSAGE(text, !is_spf_record(text) && !parse_spf_record(text).ok());
  }

  // RFC 7208 §4.6.1
  void terms_are_parted_by_spaces_only() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, parsed("  a    -all   ").mechanisms.size());
    CPPUNIT_ASSERT(parsed("").mechanisms.empty());
    for (const char* terms : {"a\t-all", "a\r\n-all", "ip4:192.0.2.5\n -all", "a:b.example\v-all",
                              "a:b.example\x7f", "\xc2\xa0-all", "a:\xef\xbb\xbf.example"})
      CPPUNIT_ASSERT_MESSAGE(terms, !fits(terms));
    CPPUNIT_ASSERT(!fits(std::string("a:b.example\0", 12)));
  }

  void mechanisms_are_read_whole() {
    const SpfRecord record =
        parsed("+a:%{d}/24//64 -mx ~include:b.example ?ip6:2001:db8::/33 exists:c.example ptr");
    using Kind = SpfMechanism::Kind;
    const auto& all = record.mechanisms;
    CPPUNIT_ASSERT_EQUAL(std::size_t{6}, all.size());
    CPPUNIT_ASSERT(all[0].kind == Kind::kA && all[0].qualifier == '+' && all[0].target);
    CPPUNIT_ASSERT(all[0].ip4_bits == 24 && all[0].ip6_bits == 64);
    CPPUNIT_ASSERT_EQUAL(std::string("a:%{d}/24//64"), all[0].text);
    CPPUNIT_ASSERT(all[1].kind == Kind::kMx && all[1].qualifier == '-' && !all[1].target);
    CPPUNIT_ASSERT(all[1].ip4_bits == 32 && all[1].ip6_bits == 128);
    CPPUNIT_ASSERT(all[2].kind == Kind::kInclude && all[2].qualifier == '~');
    CPPUNIT_ASSERT(all[3].kind == Kind::kIp6 && all[3].qualifier == '?');
    CPPUNIT_ASSERT(all[3].network == ip_octets("2001:db8::") && all[3].ip6_bits == 33);
    CPPUNIT_ASSERT(all[4].kind == Kind::kExists && all[4].qualifier == '+');
    CPPUNIT_ASSERT(all[5].kind == Kind::kPtr && all[5].text == "ptr");
  }

  // RFC 7208 §12: ABNF's strings have no case.
  void names_have_no_case() {
    const SpfRecord record = parsed("MX:a.example Ip4:192.0.2.1 -ALL Redirect=b.example EXP=%{D}");
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, record.mechanisms.size());
    CPPUNIT_ASSERT(record.redirect && record.exp);
    CPPUNIT_ASSERT(!fits("redirect=a.example REDIRECT=a.example"));
  }

  // RFC 7208 §5.6 and §12
  void lengths_are_bounded_and_written_plainly() {
    for (const char* terms : {"a/0", "a/32", "a//0", "a//128", "mx/8//48", "mx:a.example/9",
                              "ip4:192.0.2.0/0", "ip4:192.0.2.0/32", "ip6:::/0", "ip6:::1/128"})
      CPPUNIT_ASSERT_MESSAGE(terms, fits(terms));
    for (const char* terms : {"a/33",
                              "a//129",
                              "a/",
                              "a//",
                              "a/24/64",
                              "a/24//",
                              "a/024",
                              "a//064",
                              "a/00",
                              "a/-1",
                              "a/ 24",
                              "a///64",
                              "a//64/24",
                              "a/24:b.example",
                              "mx/33",
                              "mx//129",
                              "mx/4294967320",
                              "ip4:192.0.2.0/33",
                              "ip4:192.0.2.0/032",
                              "ip4:192.0.2.0//32",
                              "ip4:192.0.2.0/",
                              "ip4:192.0.2.0/24//64",
                              "ip6:::/129",
                              "ip6:::1//33",
                              "ip6:2001:db8::/",
                              "ip6:::/012"})
      CPPUNIT_ASSERT_MESSAGE(terms, !fits(terms));
  }

  // RFC 7208 §5.6
  void networks_are_addresses_of_their_kind() {
    for (const char* terms :
         {"ip4:192.0.2.255", "ip6:2001:DB8::CAFE", "ip6:::ffff:192.0.2.1", "ip6:::192.0.2.1/96"})
      CPPUNIT_ASSERT_MESSAGE(terms, fits(terms));
    for (const char* terms :
         {"ip4", "ip6", "ip4:", "ip6:", "ip4/24", "ip4:192.0.2", "ip4:192.0.2.0.1",
          "ip4:192.0.2.256", "ip4:192.0.2.01", "ip4:192.0.2.1:25", "ip4:a.example", "ip4:%{i}",
          "ip4:::1", "ip6:192.0.2.1", "ip6::2001::db8", "ip6:2001:db8::1::2", "ip6:[::1]",
          "ip6:fe80::1%eth0"})
      CPPUNIT_ASSERT_MESSAGE(terms, !fits(terms));
    CPPUNIT_ASSERT(!fits(std::string("ip4:192.0.2.1\0", 14)));
  }

  // RFC 7208 §5 and §12
  void mechanisms_take_only_their_own_arguments() {
    for (const char* terms : {"a", "a:b.example", "mx:%{o}", "ptr:b.example", "a:b:c/d.example",
                              "a:b.example.", "a:b.example/24", "include:%{d2}"})
      CPPUNIT_ASSERT_MESSAGE(terms, fits(terms));
    for (const char* terms : {"all.",
                              "all:b.example",
                              "all/8",
                              "all:",
                              "include",
                              "include:",
                              "include/8",
                              "include:b.example/24",
                              "exists",
                              "exists:",
                              "exists:b.example/24",
                              "ptr:",
                              "ptr/0",
                              "ptr:b.example/24",
                              "a:",
                              "mx:",
                              "a:example",
                              "a:example.",
                              "a:192.0.2.1",
                              "a:b.123",
                              "a:b.-c",
                              "a:b.example:25",
                              "b",
                              "a.b",
                              "-",
                              "+",
                              "--all",
                              "-+all",
                              "al",
                              "alll",
                              ":",
                              "/24",
                              "redirect:b.example",
                              "exp:b.example",
                              "a:%{c}.example",
                              "include:%{x}.example",
                              "exists:a%(i).example",
                              "exists:a%.example",
                              "+redirect=b.example"})
      CPPUNIT_ASSERT_MESSAGE(terms, !fits(terms));
  }

  // RFC 7208 §6
  void modifiers_stand_once_and_unknown_ones_anywhere() {
    const SpfRecord record =
        parsed("exp=e.example x=1 x=2 a.b-c_d=e:f/g%{c} redirect=r.example -all");
    CPPUNIT_ASSERT(record.exp && record.redirect && record.mechanisms.size() == 1);
    CPPUNIT_ASSERT(!parsed("exp.x=a redirect2=b").redirect);
    for (const char* terms :
         {"exp=a.example exp=a.example", "redirect=a.example redirect=b.example",
          "exp=", "redirect=", "exp=-all", "redirect=-all", "exp=a", "=all", "1up=a", "-x=a",
          "x*=a", "x=%a", "x=\x01", "x=\xc3\xbc", "exp=%{r}.example", "redirect=a.example/24"})
      CPPUNIT_ASSERT_MESSAGE(terms, !fits(terms));
    CPPUNIT_ASSERT(!fits("moo.cow/far=out:a") && !fits("moo.cow:far=out"));
  }

  void the_wrong_term_is_named_in_visible_ascii() {
    const auto record = parse_spf_record("v=spf1 a mo\x1b\xfe mx:");
    CPPUNIT_ASSERT(!record.ok() && record.failure().fault == Fault::kBadInput);
    CPPUNIT_ASSERT_EQUAL(std::string("\"mo??\" is no mechanism"), record.failure().private_text);
    const auto longer = parse_spf_record("v=spf1 " + std::string(9000, 'm'));
    CPPUNIT_ASSERT(!longer.ok() && longer.failure().private_text.size() < 300);
    CPPUNIT_ASSERT_EQUAL(
        std::size_t{255},
        parsed("a:" + std::string(300, 'a') + ".example").mechanisms[0].text.size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpfRecordTest);

}  // namespace
}  // namespace fwd::mailauth
