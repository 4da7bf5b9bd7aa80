// The macros of SPF.
#include "mailauth/spf/spf_macro.h"

#include <cppunit/extensions/HelperMacros.h>

#include "mailauth/spf/ip_octets.h"

namespace fwd::mailauth {
namespace {

class SpfMacroTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SpfMacroTest);
  CPPUNIT_TEST(the_examples_of_the_rfc);
  CPPUNIT_TEST(every_letter_has_its_value);
  CPPUNIT_TEST(values_are_parted_turned_and_cut);
  CPPUNIT_TEST(capital_letters_are_escaped_for_urls);
  CPPUNIT_TEST(percent_signs_write_what_cannot_be_written);
  CPPUNIT_TEST(what_breaks_the_grammar_is_nothing);
  CPPUNIT_TEST(some_letters_are_for_explanations_only);
  CPPUNIT_TEST(a_domain_spec_ends_in_a_macro_or_a_top_label);
  CPPUNIT_TEST(names_are_cut_at_the_left);
  CPPUNIT_TEST(names_that_cannot_be_asked_for_are_none);
  CPPUNIT_TEST(local_parts_beyond_ascii_make_no_name);
  CPPUNIT_TEST(expansion_is_bounded);
  CPPUNIT_TEST_SUITE_END();

  SpfMacroValues values_;

  std::string expand(std::string_view text) {
    const auto macros = parse_spf_macros(text, SpfMacroPlace::kExplanation);
    CPPUNIT_ASSERT_MESSAGE(std::string(text), macros.has_value());
    return expand_spf_macros(*macros, values_);
  }
  std::string name(std::string_view text) {
    const auto macros = parse_spf_domain_spec(text);
    CPPUNIT_ASSERT_MESSAGE(std::string(text), macros.has_value());
    return expand_spf_name(*macros, values_).value_or("none");
  }
  void expect(const std::string& expected, const std::string& text) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected, expand(text));
  }

 public:
  void setUp() override {
    values_.local = "strong-bad";
    values_.sender_domain = values_.domain = "email.example.com";
    values_.ip = ip_octets("192.0.2.3");
    values_.helo = "mta.example.org";
    values_.host = "mx.here.example";
    values_.unix_time = 1700000000;
  }

  // RFC 7208 §7.4
  void the_examples_of_the_rfc() {
    expect("strong-bad@email.example.com", "%{s}");
    for (const char* whole : {"%{o}", "%{d}", "%{d4}", "%{d3}"}) expect("email.example.com", whole);
    expect("example.com", "%{d2}");
    expect("com", "%{d1}");
    expect("com.example.email", "%{dr}");
    expect("example.email", "%{d2r}");
    expect("strong-bad", "%{l}");
    expect("strong.bad", "%{l-}");
    expect("strong-bad", "%{lr}");
    expect("bad.strong", "%{lr-}");
    expect("strong", "%{l1r-}");
    expect("3.2.0.192.in-addr._spf.example.com", "%{ir}.%{v}._spf.%{d2}");
    expect("bad.strong.lp._spf.example.com", "%{lr-}.lp._spf.%{d2}");
    expect("bad.strong.lp.3.2.0.192.in-addr._spf.example.com", "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}");
    expect("3.2.0.192.in-addr.strong.lp._spf.example.com", "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}");
    expect("example.com.trusted-domains.example.net", "%{d2}.trusted-domains.example.net");
    values_.ip = ip_octets("2001:db8::cb01");
    expect("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com",
           "%{ir}.%{v}._spf.%{d2}");
  }

  // RFC 7208 §7.2
  void every_letter_has_its_value() {
    values_.domain = "_spf.other.example";
    expect("strong-bad@email.example.com strong-bad email.example.com", "%{s} %{l} %{o}");
    expect("_spf.other.example 192.0.2.3 unknown in-addr", "%{d} %{i} %{p} %{v}");
    expect("mta.example.org 192.0.2.3 mx.here.example 1700000000", "%{h} %{c} %{r} %{t}");
    values_.ip = ip_octets("2001:db8::1f");
    values_.validated = "a.example";
    expect("a.example ip6 2001:db8::1f", "%{p} %{v} %{c}");
    expect("2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.f", "%{i}");
  }

  // RFC 7208 §7.3
  void values_are_parted_turned_and_cut() {
    values_.local = "one+two-three_four,five/six=seven";
    expect("one.two-three_four,five/six=seven", "%{l+}");
    expect("one.two.three.four.five.six.seven", "%{l+-_,/=}");
    expect("seven.six.five.four.three.two.one", "%{lr+-_,/=}");
    expect("two.one", "%{l2r+-_,/=}");
    expect("six.seven", "%{l2+-_,/=}");
    // Only the delimiters that are named part; dots no longer do.
    values_.local = "a.b+c";
    expect("c.a.b", "%{lr+}");
    expect("a.b.c", "%{l128+}");
    expect("b+c", "%{l001}");
    expect("a.b+c", "%{l99999999999999999999}");
    values_.local = "..";
    expect("..", "%{lr}");
    expect("", "%{l1}");
  }

  // RFC 7208 §7.3
  void capital_letters_are_escaped_for_urls() {
    values_.local = "Jack&Jill=up-a_b3.c~/?";
    expect("Jack%26Jill%3Dup-a_b3.c~%2F%3F", "%{L}");
    values_.local = "\xc3\xbc";
    expect("%C3%BC", "%{L}");
    expect("http://a.example/why?s=%C3%BC%40email.example.com", "http://a.example/why?s=%{S}");
    expect("example.email", "%{D2R}");
  }

  void percent_signs_write_what_cannot_be_written() {
    expect("100% of a b%20c", "100%% of a%_b%-c");
    CPPUNIT_ASSERT_EQUAL(std::string("a% b%20c.example"), name("a%%%_b%-c.example"));
  }

  // RFC 7208 §7.1
  void what_breaks_the_grammar_is_nothing() {
    for (const char* text : {"%",     "a%",    "%a",     "% ",     "%{",     "%{}",    "%{d",
                             "%{x}",  "%{d0}", "%{d00}", "%{drr}", "%{dr2}", "%{d-r}", "%{d*}",
                             "%{d }", "%(d)",  "%{{d}}", "%{dd}",  "a\tb",   "a\x7f",  "\xc3\xbc"})
      CPPUNIT_ASSERT_MESSAGE(text, !parse_spf_macros(text, SpfMacroPlace::kExplanation));
    CPPUNIT_ASSERT(!parse_spf_macros("a b", SpfMacroPlace::kTerm));
    CPPUNIT_ASSERT(!parse_spf_macros("a b", SpfMacroPlace::kModifier));
    CPPUNIT_ASSERT(parse_spf_macros("", SpfMacroPlace::kModifier).has_value());
  }

  // RFC 7208 §7.2
  void some_letters_are_for_explanations_only() {
    for (const char* text : {"%{c}", "%{r}", "%{t}", "%{C}"}) {
      CPPUNIT_ASSERT_MESSAGE(text, !parse_spf_macros(text, SpfMacroPlace::kTerm));
      CPPUNIT_ASSERT_MESSAGE(text, parse_spf_macros(text, SpfMacroPlace::kExplanation).has_value());
      CPPUNIT_ASSERT_MESSAGE(text, !parse_spf_domain_spec(text));
    }
  }

  // RFC 7208 §7.1, toplabel
  void a_domain_spec_ends_in_a_macro_or_a_top_label() {
    for (const char* text :
         {"a.example", "a.example.", "%{d}", "a.%{d}", "a%{d}", "a.%%", "a%-", ".example",
          "a..example", "a.x--1", "a.1a", "a:b/c.example", "%{d}.example", "_a._b.example"})
      CPPUNIT_ASSERT_MESSAGE(text, parse_spf_domain_spec(text).has_value());
    for (const char* text : {"", ".", "example", "example.", "a.123", "192.0.2.1", "a.-b", "a.b-",
                             "a.b_c", "a.example..", "a.example:25", "%{d}example", "%{d}.",
                             "a.example/24", "-all", "%{d}.%{d}.1"})
      CPPUNIT_ASSERT_MESSAGE(text, !parse_spf_domain_spec(text).has_value());
  }

  // RFC 7208 §7.3
  void names_are_cut_at_the_left() {
    std::string label(62, 'x');
    values_.domain = label + "." + label + "." + label + "." + label + ".b";
    CPPUNIT_ASSERT_EQUAL(std::size_t{253}, values_.domain.size());
    CPPUNIT_ASSERT_EQUAL(values_.domain, name("%{d}"));
    CPPUNIT_ASSERT_EQUAL(values_.domain, name("q.%{d}"));
    CPPUNIT_ASSERT_EQUAL(values_.domain.substr(63) + ".example", name("p.q.%{d}.example"));
  }

  void names_that_cannot_be_asked_for_are_none() {
    for (const char* text : {"a..example", ".example", "%{h}"}) {
      values_.helo = "single";
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("none"), name(text));
    }
    for (const char* helo :
         {"", "a..b", "tab\tbed.example", "back\\slash.example", "\xfc.example"}) {
      values_.helo = helo;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(helo, std::string("none"), name("%{h}"));
    }
    values_.helo = std::string(64, 'a') + ".example";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), name("%{h}"));
    values_.helo = "Mixed Case!.Example.";
    CPPUNIT_ASSERT_EQUAL(std::string("mixed case!.example"), name("%{h}"));
  }

  // RFC 8616 §4
  void local_parts_beyond_ascii_make_no_name() {
    values_.local = "m\xc3\xbcller";
    CPPUNIT_ASSERT_EQUAL(std::string("none"), name("%{l}.%{d}"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), name("%{L}.%{d}"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), name("%{s1}.%{d}"));
    CPPUNIT_ASSERT_EQUAL(std::string("x.email.example.com"), name("x.%{o}"));
  }

  void expansion_is_bounded() {
    values_.local = std::string(1000, 'a');
    std::string text;
    for (int i = 0; i < 65; ++i) text += "%{l}";
    CPPUNIT_ASSERT_EQUAL(std::size_t{65000}, expand(text).size());
    expect("", text + "%{l}");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SpfMacroTest);

}  // namespace
}  // namespace fwd::mailauth
