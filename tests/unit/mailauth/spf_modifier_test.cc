// SPF: where a record leads on to, and what it says to those it refuses.
#include <cppunit/extensions/HelperMacros.h>

#include "spf_rig.h"

namespace fwd::mailauth {
namespace {

using net::DnsType;

class SpfModifierTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpfModifierTest);
  CPPUNIT_TEST(redirect_follows_when_nothing_matched);
  CPPUNIT_TEST(redirect_to_nothing_is_a_permanent_error);
  CPPUNIT_TEST(redirect_changes_the_domain_but_not_the_sender);
  CPPUNIT_TEST(unknown_modifiers_change_nothing);
  CPPUNIT_TEST(an_explanation_comes_with_fail_only);
  CPPUNIT_TEST(an_explanation_is_of_the_domain_that_decided);
  CPPUNIT_TEST(an_explanation_may_say_who_and_where);
  CPPUNIT_TEST(the_name_of_an_explanation_may_have_macros);
  CPPUNIT_TEST(an_explanation_that_goes_wrong_is_left_out);
  CPPUNIT_TEST(an_explanation_is_cut_to_size);
  CPPUNIT_TEST(the_validated_name_is_the_nearest);
  CPPUNIT_TEST(without_a_validated_name_it_is_unknown);
  CPPUNIT_TEST_SUITE_END();

  test::SpfRig rig_;

  void expect(const std::string& word, const std::string& record) { rig_.expect(word, record); }
  // What is said to one who is refused with `text` at why.example.
  std::string explained(const std::string& text) {
    rig_.publish("why.example", text);
    expect("fail", "v=spf1 -all exp=why.example");
    return rig_.check().explanation;
  }

 public:
  // RFC 7208 §6.1
  void redirect_follows_when_nothing_matched() {
    rig_.publish("next.example", "v=spf1 ip4:192.0.2.7 -all");
    expect("pass", "v=spf1 redirect=next.example a");
    expect("softfail", "v=spf1 redirect=next.example ~all");
    CPPUNIT_ASSERT_EQUAL(0, rig_.dns_.asked("never.example", DnsType::kTxt));
    expect("fail", "v=spf1 redirect=never.example -ip4:192.0.2.7");
    CPPUNIT_ASSERT_EQUAL(0, rig_.dns_.asked("never.example", DnsType::kTxt));
    // Inside an include, too.
    rig_.publish("over.example", "v=spf1 redirect=next.example");
    expect("softfail", "v=spf1 ~include:over.example -all");
  }

  // RFC 7208 §6.1
  void redirect_to_nothing_is_a_permanent_error() {
    rig_.dns_.fail("dark.example", DnsType::kTxt);
    rig_.publish("wrong.example", "v=spf1 b");
    expect("permerror", "v=spf1 redirect=missing.example");
    CPPUNIT_ASSERT_EQUAL(std::string("missing.example has no SPF record"), rig_.check().problem);
    expect("permerror", "v=spf1 redirect=wrong.example");
    expect("permerror", "v=spf1 redirect=a..example");
    expect("temperror", "v=spf1 redirect=dark.example");
  }

  // RFC 7208 §6.1
  void redirect_changes_the_domain_but_not_the_sender() {
    rig_.publish("next.example", "v=spf1 a exists:%{o}.of.%{d} -all");
    rig_.dns_.a("shop.example", "192.0.2.7");
    expect("fail", "v=spf1 redirect=next.example");
    rig_.dns_.a("shop.example.of.next.example", "127.0.0.2");
    expect("pass", "v=spf1 redirect=next.example");
    CPPUNIT_ASSERT_EQUAL(std::string("shop.example"), rig_.check().domain);
  }

  // RFC 7208 §6
  void unknown_modifiers_change_nothing() {
    expect("neutral", "v=spf1 default=pass");
    expect("fail", "v=spf1 x=%{t} default=+ x= -all x=again");
  }

  // RFC 7208 §6.2
  void an_explanation_comes_with_fail_only() {
    CPPUNIT_ASSERT_EQUAL(std::string("Go away."), explained("Go away."));
    for (const char* record : {"v=spf1 ~all exp=why.example", "v=spf1 all exp=why.example",
                               "v=spf1 exp=why.example", "v=spf1 exp=why.example -all b"}) {
      rig_.publish("shop.example", record);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(record, std::string(), rig_.check().explanation);
    }
  }

  // RFC 7208 §6.2
  void an_explanation_is_of_the_domain_that_decided() {
    rig_.dns_.txt("one.example", "one");
    rig_.dns_.txt("two.example", "two of %{d}");
    rig_.publish("plain.example", "v=spf1 -all");
    rig_.publish("next.example", "v=spf1 -all exp=two.example");
    expect("fail", "v=spf1 redirect=plain.example exp=one.example");
    CPPUNIT_ASSERT_EQUAL(std::string(), rig_.check().explanation);
    expect("fail", "v=spf1 redirect=next.example exp=one.example");
    CPPUNIT_ASSERT_EQUAL(std::string("two of next.example"), rig_.check().explanation);
    expect("fail", "v=spf1 include:next.example -all exp=one.example");
    CPPUNIT_ASSERT_EQUAL(std::string("one"), rig_.check().explanation);
    expect("fail", "v=spf1 include:next.example -all");
    CPPUNIT_ASSERT_EQUAL(std::string(), rig_.check().explanation);
  }

  // RFC 7208 §7.2
  void an_explanation_may_say_who_and_where() {
    rig_.question_.sender = "Ann+1@Shop.example";
    CPPUNIT_ASSERT_EQUAL(
        std::string("192.0.2.7 is not for Ann+1 of shop.example, says mx.here.example at "
                    "1700000000, to mta.shop.example, 100%"),
        explained("%{c} is not for %{l} of %{o}, says %{r} at %{t}, to %{h}, 100%%"));
    CPPUNIT_ASSERT_EQUAL(std::string("http://why.example/?s=Ann%2B1%40shop.example"),
                         explained("http://why.example/?s=%{S}"));
    rig_.question_.ip = "2001:db8::7";
    CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::7 ip6 0.7 1.0.0.2"),
                         explained("%{c} %{v} %{i2} %{i4r}"));
    rig_.question_.host = "";
    CPPUNIT_ASSERT_EQUAL(std::string("unknown"), explained("%{r}"));
  }

  // RFC 7208 §6.2 and §7.3
  void the_name_of_an_explanation_may_have_macros() {
    rig_.dns_.txt("7.2.0.192.why.shop.example", "by address");
    expect("fail", "v=spf1 -all exp=%{ir}.why.%{d}");
    CPPUNIT_ASSERT_EQUAL(std::string("by address"), rig_.check().explanation);
    const std::string label(60, 'y');
    const std::string long_name = label + "." + label + "." + label + "." + label + ".example";
    rig_.dns_.txt(long_name, "cut");
    expect("fail", "v=spf1 -all exp=%{d}." + long_name);
    CPPUNIT_ASSERT_EQUAL(std::string("cut"), rig_.check().explanation);
  }

  // RFC 7208 §6.2
  void an_explanation_that_goes_wrong_is_left_out() {
    for (const char* text :
         {"The %{x} files.", "50% off", "%{d", "\xef\xbb\xbfHello", "a\r\nb", "tab\tbed", ""})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), explained(text));
    rig_.question_.sender = "j\xc3\xbcrgen@shop.example";
    CPPUNIT_ASSERT_EQUAL(std::string(), explained("not you, %{l}"));
    CPPUNIT_ASSERT_EQUAL(std::string("not you, j%C3%BCrgen"), explained("not you, %{L}"));
    CPPUNIT_ASSERT_EQUAL(std::string("one"), explained("one"));
    rig_.dns_.txt("why.example", "two");
    CPPUNIT_ASSERT_EQUAL(std::string(), rig_.check().explanation);
    rig_.dns_.fail("why.example", DnsType::kTxt);
    CPPUNIT_ASSERT_EQUAL(std::string(), rig_.check().explanation);
    for (const char* exp : {"missing.example", "a..example", "%{l}.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(exp, std::string("fail"),
                                   rig_.verdict(std::string("v=spf1 -all exp=") + exp));
  }

  void an_explanation_is_cut_to_size() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{500}, explained(std::string(600, 'e')).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, explained(std::string(17000, 'e')).size());
  }

  // RFC 7208 §7.3
  void the_validated_name_is_the_nearest() {
    for (const char* name : {"far.example", "a.shop.example", "b.shop.example", "shop.example"}) {
      rig_.dns_.ptr("7.2.0.192.in-addr.arpa", name);
      rig_.dns_.a(name, "192.0.2.7");
    }
    CPPUNIT_ASSERT_EQUAL(std::string("shop.example"), explained("%{p}"));
    rig_.dns_.forget("shop.example", DnsType::kA);
    CPPUNIT_ASSERT_EQUAL(std::string("a.shop.example"), explained("%{p}"));
    rig_.dns_.forget("a.shop.example", DnsType::kA);
    rig_.dns_.forget("b.shop.example", DnsType::kA);
    CPPUNIT_ASSERT_EQUAL(std::string("far.example"), explained("%{p}"));
    rig_.dns_.a("far.example.ok.example", "127.0.0.2");
    expect("pass", "v=spf1 exists:%{p}.ok.example -all");
  }

  void without_a_validated_name_it_is_unknown() {
    CPPUNIT_ASSERT_EQUAL(std::string("unknown"), explained("%{p}"));
    rig_.dns_.ptr("7.2.0.192.in-addr.arpa", "liar.example");
    CPPUNIT_ASSERT_EQUAL(std::string("unknown"), explained("%{p}"));
    rig_.dns_.fail("7.2.0.192.in-addr.arpa", DnsType::kPtr);
    CPPUNIT_ASSERT_EQUAL(std::string("unknown"), explained("%{p}"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpfModifierTest);

}  // namespace
}  // namespace fwd::mailauth
