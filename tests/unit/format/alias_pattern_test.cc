// Alias names that are regular expressions.
#include "format/alias_pattern.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::format {
namespace {

class AliasPatternTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AliasPatternTest);
  CPPUNIT_TEST(the_whole_local_part_matches_in_any_case);
  CPPUNIT_TEST(flags_are_g_and_i);
  CPPUNIT_TEST(bad_patterns_say_why);
  CPPUNIT_TEST(targets_take_what_matched);
  CPPUNIT_TEST(what_matched_writes_no_address_of_its_own);
  CPPUNIT_TEST(hostile_patterns_are_bounded);
  CPPUNIT_TEST_SUITE_END();

 public:
  void the_whole_local_part_matches_in_any_case() {
    const AliasPattern pattern = AliasPattern::parse("/^(sales|info)$/").value();
    CPPUNIT_ASSERT(pattern.matches("INFO") && pattern.matches("sales"));
    CPPUNIT_ASSERT(!pattern.matches("information") && !pattern.matches(""));
    const AliasPattern open = AliasPattern::parse("/support-.*/gi").value();
    CPPUNIT_ASSERT(open.matches("Support-x/y") && !open.matches("xsupport-"));
    CPPUNIT_ASSERT(AliasPattern::parse("/a|ab/").value().matches("ab"));
    CPPUNIT_ASSERT(AliasPattern::parse("/jÜrgen/").value().matches("jürgen"));
    CPPUNIT_ASSERT(!open.matches("support-\xff") && !open.matches(std::string(1000, 'x')));
  }

  void flags_are_g_and_i() {
    for (const char* good : {"/a/", "/a/g", "/a/i", "/a/gi", "/a/ig", "/a/b/"})
      CPPUNIT_ASSERT(AliasPattern::parse(good).ok());
    for (const char* bad : {"/a/m", "/a/gg", "/a/gig", "/a/G", "a", "/a", "//", "/"})
      CPPUNIT_ASSERT(!AliasPattern::parse(bad).ok());
    CPPUNIT_ASSERT(AliasPattern::is_pattern("/a/x") && !AliasPattern::is_pattern("a/b/") &&
                   !AliasPattern::is_pattern("/") && !AliasPattern::is_pattern(""));
  }

  void bad_patterns_say_why() {
    const auto failure = AliasPattern::parse("/a(/").failure();
    CPPUNIT_ASSERT(failure.fault == Fault::kBadInput);
    CPPUNIT_ASSERT(failure.public_text.find("missing )") != std::string::npos);
    CPPUNIT_ASSERT(!AliasPattern::parse("/(?=x)/").ok() && !AliasPattern::parse("/\xff/").ok());
  }

  void targets_take_what_matched() {
    const AliasPattern pattern = AliasPattern::parse("/(a+)-(b)?.*/").value();
    CPPUNIT_ASSERT_EQUAL(std::string("u+aa-bc.aa.b$9$0$1x@x"),
                         pattern.expand("aa-bc", "u+$&.$1.$2$9$0$$1x@x").value());
    CPPUNIT_ASSERT_EQUAL(std::string("[]$"), pattern.expand("a-", "[$2]$").value());
    CPPUNIT_ASSERT(!pattern.expand("x", "$1"));
  }

  void what_matched_writes_no_address_of_its_own() {  // RFC 5321 §4.1.2
    const AliasPattern any = AliasPattern::parse("/(.+)/").value();
    for (const char* local :
         {"http://evil.test/", "a@evil.test", "a b", "\"a\"", "a,b", "[a]", "a\\b"})
      CPPUNIT_ASSERT_MESSAGE(local, !any.expand(local, "$1@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("grün/a.b!x@example.test"),
                         any.expand("grün/a.b!x", "$1@example.test").value());
    // Not put in, it does no harm.
    CPPUNIT_ASSERT_EQUAL(std::string("u@example.test"),
                         any.expand("a b", "u@example.test").value());
  }

  void hostile_patterns_are_bounded() {
    CPPUNIT_ASSERT(AliasPattern::parse("/((a{100}){100}){100}/").failure().fault != Fault::kBug);
    CPPUNIT_ASSERT(!AliasPattern::parse("/" + std::string(2000, 'a') + "/").ok());
    CPPUNIT_ASSERT(!AliasPattern::parse("/(a*)*b/").value().matches(std::string(300, 'a')));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AliasPatternTest);

}  // namespace
}  // namespace fwd::format
