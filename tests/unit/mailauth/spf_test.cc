// SPF: who is asked about, and which mechanism matches.
#include "mailauth/spf/spf.h"

#include <cppunit/extensions/HelperMacros.h>

#include "spf_rig.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class SpfTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpfTest);
  CPPUNIT_TEST(the_null_path_is_postmaster_at_the_helo_name);
  CPPUNIT_TEST(a_sender_without_local_part_is_postmaster);
  CPPUNIT_TEST(what_is_no_domain_has_no_policy);
  CPPUNIT_TEST(domains_are_asked_for_in_a_labels);
  CPPUNIT_TEST(one_record_is_selected);
  CPPUNIT_TEST(trouble_with_the_record_is_temporary);
  CPPUNIT_TEST(a_record_is_checked_whole_before_it_counts);
  CPPUNIT_TEST(strings_are_joined_without_spaces);
  CPPUNIT_TEST(qualifiers_are_verdicts);
  CPPUNIT_TEST(a_client_without_address_has_no_verdict);
  CPPUNIT_TEST(include_matches_on_pass_only);
  CPPUNIT_TEST(a_matches_any_address_of_the_clients_kind);
  CPPUNIT_TEST(a_without_addresses_matches_nothing);
  CPPUNIT_TEST(mx_matches_the_hosts_and_never_the_domain);
  CPPUNIT_TEST(networks_match_their_own_kind);
  CPPUNIT_TEST(ipv4_inside_ipv6_is_ipv4);
  CPPUNIT_TEST(ptr_wants_a_name_that_leads_back);
  CPPUNIT_TEST(ptr_shrugs_at_trouble);
  CPPUNIT_TEST(exists_asks_for_a_whatever_the_client);
  CPPUNIT_TEST(names_that_cannot_be_asked_for_match_nothing);
  CPPUNIT_TEST(local_parts_beyond_ascii_match_nothing);
  CPPUNIT_TEST(the_mechanism_that_decided_is_told);
  CPPUNIT_TEST_SUITE_END();

  test::SpfRig rig_;

  void expect(const std::string& word, const std::string& record) { rig_.expect(word, record); }

 public:
  // RFC 7208 §2.4
  void the_null_path_is_postmaster_at_the_helo_name() {
    rig_.question_.sender = "";
    rig_.publish("mta.shop.example", "v=spf1 exists:%{l}.%{o}.by.%{d} -all");
    rig_.dns_.a("postmaster.mta.shop.example.by.mta.shop.example", "127.0.0.2");
    const SpfResult result = rig_.check();
    CPPUNIT_ASSERT(result.verdict == SpfVerdict::kPass && result.by_helo);
    CPPUNIT_ASSERT_EQUAL(std::string("mta.shop.example"), result.domain);
    rig_.question_.sender = "ann@shop.example";
    CPPUNIT_ASSERT(!rig_.check().by_helo);
  }

  // RFC 7208 §4.3
  void a_sender_without_local_part_is_postmaster() {
    rig_.dns_.a("postmaster.at.shop.example", "127.0.0.2");
    for (const char* sender : {"@shop.example", "shop.example"}) {
      rig_.question_.sender = sender;
      expect("pass", "v=spf1 exists:%{l}.at.%{o} -all");
    }
    rig_.question_.sender = "\"a@b\"@shop.example";
    expect("fail", "v=spf1 exists:%{l}.at.%{o} -all");
  }

  // RFC 7208 §4.3
  void what_is_no_domain_has_no_policy() {
    const std::string most(63, 'a');
    for (const std::string& domain :
         {std::string("localhost"), std::string("a..example"), std::string(".example"),
          most + "a.example", std::string("[192.0.2.7]"), std::string("192.0.2.7"), std::string(),
          std::string("JUMPIN' JACK.example"), std::string("a\tb.example"),
          most + "." + most + "." + most + "." + most}) {
      rig_.question_.sender = "ann@" + domain;
      const SpfResult result = rig_.check();
      CPPUNIT_ASSERT_MESSAGE(domain, result.verdict == SpfVerdict::kNone);
      CPPUNIT_ASSERT_MESSAGE(domain, result.domain.size() <= 255);
      CPPUNIT_ASSERT_MESSAGE(domain, result.problem.ends_with("could have an SPF record"));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(domain, 0, rig_.dns_.asked(to_lower(domain), DnsType::kTxt));
    }
    rig_.question_.sender = "ann@" + most + ".example";
    CPPUNIT_ASSERT_EQUAL(std::string("fail"), rig_.verdict_for(most + ".example", "v=spf1 -all"));
    rig_.question_.sender = "";
    rig_.question_.helo = "OFFICE-PC";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), rig_.word());
  }

  // RFC 7208 §4.3, RFC 8616 §4
  void domains_are_asked_for_in_a_labels() {
    rig_.question_.sender =
        "ann@B\xc3\xbc"
        "cher.Example.";
    rig_.dns_.a("of.xn--bcher-kva.example", "127.0.0.2");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"),
                         rig_.verdict_for("xn--bcher-kva.example", "v=spf1 exists:of.%{d} -all"));
    CPPUNIT_ASSERT_EQUAL(std::string("xn--bcher-kva.example"), rig_.check().domain);
    rig_.question_.sender = "ann@\xff.example";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), rig_.word());
  }

  // RFC 7208 §4.5
  void one_record_is_selected() {
    const SpfResult none = rig_.check();
    CPPUNIT_ASSERT(none.verdict == SpfVerdict::kNone);
    CPPUNIT_ASSERT_EQUAL(std::string("shop.example has no SPF record"), none.problem);
    expect("none", "v=spf10 -all");
    expect("neutral", "v=spf1");
    rig_.publish("shop.example", "verification=\xfe\xff");
    rig_.dns_.txt("shop.example", "v=spf10 +all");
    rig_.dns_.txt("shop.example", "v=sPf1 ~all");
    CPPUNIT_ASSERT_EQUAL(std::string("softfail"), rig_.word());
    rig_.dns_.txt("shop.example", "V=SPF1 ~all");
    const SpfResult two = rig_.check();
    CPPUNIT_ASSERT(two.verdict == SpfVerdict::kPermError && two.mechanism.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("shop.example has more than one SPF record"), two.problem);
  }

  // RFC 7208 §4.4
  void trouble_with_the_record_is_temporary() {
    for (const Fault fault : {Fault::kUnavailable, Fault::kTimeout, Fault::kBusy}) {
      rig_.dns_.fail("shop.example", DnsType::kTxt, fault);
      const SpfResult result = rig_.check();
      CPPUNIT_ASSERT(result.verdict == SpfVerdict::kTempError);
      CPPUNIT_ASSERT_EQUAL(std::string("the DNS gives no answer for shop.example"), result.problem);
    }
  }

  // RFC 7208 §4.6
  void a_record_is_checked_whole_before_it_counts() {
    for (const char* record : {"v=spf1 ip4:192.0.2.7 -all moo", "v=spf1 all a:", "v=spf1 all x=%a",
                               "v=spf1 all exp=a.example exp=b.example", "v=spf1 all \x80",
                               "v=spf1 all redirect:a.example"})
      expect("permerror", record);
    CPPUNIT_ASSERT_EQUAL(std::string("SPF record of shop.example: \"redirect:a.example\" is no "
                                     "mechanism"),
                         rig_.check().problem);
  }

  // RFC 7208 §3.3
  void strings_are_joined_without_spaces() {
    rig_.dns_.add("shop.example", DnsType::kTxt,
                  std::string("\x0bv=spf1 ip4:") +
                      "\x0e"
                      "192.0.2.7 -all");
    rig_.dns_.add("shop.example", DnsType::kTxt, std::string(1, '\0'));
    rig_.dns_.add("shop.example", DnsType::kTxt, "");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), rig_.word());
    rig_.dns_.forget("shop.example", DnsType::kTxt);
    rig_.dns_.add("shop.example", DnsType::kTxt, std::string("\x06v=spf1") + "\x04-all");
    CPPUNIT_ASSERT_EQUAL(std::string("none"), rig_.word());
  }

  // RFC 7208 §4.6.2 and §5.1
  void qualifiers_are_verdicts() {
    expect("pass", "v=spf1 all");
    expect("pass", "v=spf1 +all -all");
    expect("fail", "v=spf1 -all all");
    expect("softfail", "v=spf1 ~ALL");
    expect("neutral", "v=spf1 ?all");
    expect("neutral", "v=spf1 ip4:192.0.2.8");  // §4.7
  }

  void a_client_without_address_has_no_verdict() {
    for (const char* ip : {"", "here", "192.0.2"}) {
      rig_.question_.ip = ip;
      expect("none", "v=spf1 all");
    }
  }

  // RFC 7208 §5.2
  void include_matches_on_pass_only() {
    rig_.publish("pass.example", "v=spf1 ip4:192.0.2.7");
    rig_.publish("fail.example", "v=spf1 -all");
    rig_.publish("soft.example", "v=spf1 ~all");
    rig_.publish("even.example", "v=spf1 ip4:192.0.2.8");
    rig_.publish("wrong.example", "v=spf1 all:");
    rig_.dns_.txt("none.example", "v=spfl");
    rig_.dns_.fail("dark.example", DnsType::kTxt);
    expect("softfail", "v=spf1 ~include:pass.example -all");
    expect("softfail", "v=spf1 include:fail.example ~all");
    expect("pass", "v=spf1 include:soft.example all");
    expect("fail", "v=spf1 include:even.example -all");
    expect("temperror", "v=spf1 include:dark.example -all");
    expect("permerror", "v=spf1 include:wrong.example all");
    expect("permerror", "v=spf1 include:none.example all");
    CPPUNIT_ASSERT_EQUAL(std::string("none.example has no SPF record"), rig_.check().problem);
    expect("permerror", "v=spf1 include:missing.example all");
    expect("permerror", "v=spf1 include:a..example all");
    rig_.question_.helo = "single";
    expect("permerror", "v=spf1 include:%{h} all");
  }

  // RFC 7208 §5.3
  void a_matches_any_address_of_the_clients_kind() {
    rig_.dns_.a("shop.example", "198.51.100.1");
    rig_.dns_.a("shop.example", "192.0.2.9");
    rig_.dns_.aaaa("shop.example", "2001:db8:7::9");
    rig_.dns_.a("a:b/c.example", "192.0.2.7");
    expect("fail", "v=spf1 a -all");
    expect("pass", "v=spf1 a/24 -all");
    expect("fail", "v=spf1 a/29 -all");
    expect("fail", "v=spf1 a//0 -all");
    expect("pass", "v=spf1 a:a:b/c.example -all");
    expect("pass", "v=spf1 A:SHOP.Example./24 -all");
    rig_.question_.ip = "2001:db8:7::1";
    expect("pass", "v=spf1 a//64 -all");
    expect("fail", "v=spf1 a/0 -all");
    expect("fail", "v=spf1 a//125 -all");
    expect("pass", "v=spf1 a/32//124 -all");
    rig_.dns_.fail("shop.example", DnsType::kAaaa);
    expect("temperror", "v=spf1 a -all");
  }

  void a_without_addresses_matches_nothing() {
    expect("fail", "v=spf1 a/0 -all");
    expect("fail", "v=spf1 a:missing.example/0 -all");
    rig_.question_.ip = "2001:db8::1";
    rig_.dns_.a("four.example", "192.0.2.1");
    expect("fail", "v=spf1 a:four.example//0 -all");
  }

  // RFC 7208 §5.4
  void mx_matches_the_hosts_and_never_the_domain() {
    rig_.dns_.a("shop.example", "192.0.2.7");
    expect("fail", "v=spf1 mx -all");
    rig_.dns_.mx("shop.example", 10, "in1.shop.example");
    rig_.dns_.mx("shop.example", 20, "in2.shop.example");
    expect("fail", "v=spf1 mx/0 -all");
    rig_.dns_.a("in2.shop.example", "192.0.2.6");
    rig_.dns_.aaaa("in2.shop.example", "2001:db8::6");
    expect("fail", "v=spf1 mx -all");
    expect("pass", "v=spf1 mx/31 -all");
    expect("fail", "v=spf1 mx//0 -all");
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), rig_.word_from("2001:db8::7"));
    rig_.question_.ip = "192.0.2.7";
    rig_.dns_.mx("null.example", 0, "");
    expect("fail", "v=spf1 mx:null.example/0 -all");
    // An MX that names no host (RFC 5321 §2.3.5) is none.
    rig_.dns_.mx("odd.example", 10, "a:b.example");
    rig_.dns_.a("a:b.example", "192.0.2.7");
    expect("fail", "v=spf1 mx:odd.example -all");
    rig_.dns_.fail("in1.shop.example", DnsType::kA);
    expect("temperror", "v=spf1 mx/31 -all");
    rig_.dns_.fail("shop.example", DnsType::kMx);
    expect("temperror", "v=spf1 mx -all");
  }

  // RFC 7208 §5.6
  void networks_match_their_own_kind() {
    expect("pass", "v=spf1 ip4:192.0.2.7 -all");
    expect("pass", "v=spf1 ip4:192.0.2.0/29 -all");
    expect("fail", "v=spf1 ip4:192.0.2.8/29 -all");
    expect("pass", "v=spf1 ip4:10.0.0.0/0 -all");
    expect("fail", "v=spf1 ip6:::/0 -all");
    rig_.question_.ip = "2001:db8:8000::1";
    expect("pass", "v=spf1 ip6:2001:DB8:8000::/33 -all");
    expect("fail", "v=spf1 ip6:2001:db8::/33 -all");
    expect("fail", "v=spf1 ip4:0.0.0.0/0 -all");
    expect("pass", "v=spf1 ip6:::1.1.1.1/0 -all");
  }

  // RFC 7208 §5
  void ipv4_inside_ipv6_is_ipv4() {
    rig_.question_.ip = "::FFFF:192.0.2.7";
    expect("pass", "v=spf1 ip4:192.0.2.7 -all");
    expect("fail", "v=spf1 ip6:::ffff:192.0.2.7 ip6:::/0 -all");
    rig_.dns_.a("shop.example", "192.0.2.7");
    expect("pass", "v=spf1 a -all");
    rig_.dns_.a("7.2.0.192.in-addr.shop.example", "127.0.0.1");
    expect("pass", "v=spf1 exists:%{ir}.%{v}.%{d} -all");
  }

  // RFC 7208 §5.5
  void ptr_wants_a_name_that_leads_back() {
    rig_.dns_.ptr("7.2.0.192.in-addr.arpa", "liar.other.example");
    rig_.dns_.ptr("7.2.0.192.in-addr.arpa", "Out.Shop.Example");
    rig_.dns_.a("out.shop.example", "192.0.2.7");
    expect("pass", "v=spf1 ptr -all");
    expect("pass", "v=spf1 ptr:SHOP.example. -all");
    expect("pass", "v=spf1 ptr:out.shop.example -all");
    expect("fail", "v=spf1 ptr:hop.example -all");
    expect("fail", "v=spf1 ptr:other.example -all");
    expect("fail", "v=spf1 ptr:in.out.shop.example -all");
    rig_.dns_.ptr("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
                  "out.shop.example");
    rig_.dns_.aaaa("out.shop.example", "2001:db8::7");
    rig_.question_.ip = "2001:DB8::7";
    expect("pass", "v=spf1 ptr -all");
  }

  // RFC 7208 §5.5
  void ptr_shrugs_at_trouble() {
    rig_.dns_.fail("7.2.0.192.in-addr.arpa", DnsType::kPtr);
    expect("softfail", "v=spf1 ptr ~all");
    rig_.question_.ip = "192.0.2.8";
    rig_.dns_.ptr("8.2.0.192.in-addr.arpa", "loop.shop.example");
    rig_.dns_.ptr("8.2.0.192.in-addr.arpa", "out.shop.example");
    rig_.dns_.cname("loop.shop.example", "loop.shop.example");
    expect("softfail", "v=spf1 ptr ~all");
    rig_.dns_.a("out.shop.example", "192.0.2.8");
    expect("pass", "v=spf1 ptr ~all");
  }

  // RFC 7208 §5.7
  void exists_asks_for_a_whatever_the_client() {
    rig_.dns_.a("four.example", "127.0.0.2");
    rig_.dns_.aaaa("six.example", "2001:db8::1");
    rig_.dns_.fail("dark.example", DnsType::kA);
    for (const char* ip : {"192.0.2.7", "2001:db8::1"}) {
      rig_.question_.ip = ip;
      expect("pass", "v=spf1 exists:four.example -all");
      expect("fail", "v=spf1 exists:six.example -all");
      expect("temperror", "v=spf1 exists:dark.example -all");
    }
  }

  // RFC 7208 §4.8: left to the implementation.
  void names_that_cannot_be_asked_for_match_nothing() {
    const std::string label(64, 'x');
    for (const std::string& name : {std::string("a..example"), label + ".example"})
      for (const char* mechanism : {"a:", "mx:", "exists:", "ptr:"})
        expect("softfail", "v=spf1 " + (mechanism + name) + " ~all");
    for (const char* helo :
         {"OFFICE-PC", "[192.0.2.7]", "JUMPIN' JACK", "\\", "%%%%%%%%%%%%%%%%%%%%%%"}) {
      rig_.question_.helo = helo;
      expect("softfail", "v=spf1 a:%{h} mx:%{H} ~all");
    }
    // A resolver that refuses the name has the last word.
    rig_.dns_.fail("odd!.example", DnsType::kA, Fault::kBadInput);
    expect("softfail", "v=spf1 a:odd!.example exists:odd!.example ~all");
    rig_.question_.helo = std::string(3000, 'h');
    expect("none", "v=spf1 all");
  }

  // RFC 8616 §4
  void local_parts_beyond_ascii_match_nothing() {
    rig_.question_.sender = "j\xc3\xbcrgen@shop.example";
    rig_.publish("all.example", "v=spf1 all");
    rig_.dns_.a("shop.example", "192.0.2.7");
    for (const char* letter : {"%{l}", "%{s}", "%{L1r-}", "%{S}"}) {
      const std::string name = std::string(letter) + ".%{d}";
      for (const char* mechanism : {"exists:", "a:", "mx:", "ptr:", "include:"})
        expect("softfail", "v=spf1 " + (mechanism + name) + " ~all");
      expect("neutral", "v=spf1 redirect=" + name);
    }
    expect("pass", "v=spf1 exists:%{l}.example a -all");
  }

  // RFC 7208 §9.1
  void the_mechanism_that_decided_is_told() {
    rig_.publish("net.example", "v=spf1 ip4:192.0.2.0/24 -all");
    const std::pair<const char*, const char*> cases[] = {
        {"v=spf1 a -ip4:192.0.2.0/24", "ip4:192.0.2.0/24"},
        {"v=spf1 a include:net.example", "include:net.example"},
        {"v=spf1 redirect=net.example", "ip4:192.0.2.0/24"},
        {"v=spf1 ?ALL", "ALL"},
        {"v=spf1 a", "default"},
        {"v=spf1 include:missing.example all", ""},
    };
    for (const auto& [record, mechanism] : cases) {
      rig_.publish("shop.example", record);
      const SpfResult result = rig_.check();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(record, std::string(mechanism), result.mechanism);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(record, !result.problem.empty(), result.mechanism.empty());
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpfTest);

}  // namespace
}  // namespace fwd::mailauth
