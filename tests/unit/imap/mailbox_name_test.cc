// Names of folders and patterns of them.
#include "protocol/imap/mailbox_name.h"

#include <cppunit/extensions/HelperMacros.h>

#include <random>

#include "protocol/imap/list_program.h"

namespace fwd::imap {
namespace {

class MailboxNameTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MailboxNameTest);
  CPPUNIT_TEST(inbox_is_inbox_in_any_case);
  CPPUNIT_TEST(patterns);
  CPPUNIT_TEST(many_wildcards_take_no_time);
  CPPUNIT_TEST(patterns_mean_what_a_slow_matcher_says);
  CPPUNIT_TEST(a_list_names_only_so_many_octets_with_wildcards);
  CPPUNIT_TEST_SUITE_END();

 public:
  void inbox_is_inbox_in_any_case() {
    CPPUNIT_ASSERT_EQUAL(std::string("INBOX"), canonical_path("inBox"));
    CPPUNIT_ASSERT_EQUAL(std::string("INBOX/a"), canonical_path("inbox/a"));
    CPPUNIT_ASSERT_EQUAL(std::string("inboxes"), canonical_path("inboxes"));
  }

  void patterns() {
    CPPUNIT_ASSERT(matches_pattern("*", "a/b/c"));
    CPPUNIT_ASSERT(matches_pattern("%", "a"));
    CPPUNIT_ASSERT(!matches_pattern("%", "a/b"));
    CPPUNIT_ASSERT(matches_pattern("a/%", "a/b"));
    CPPUNIT_ASSERT(matches_pattern("*b", "a/b"));
    CPPUNIT_ASSERT(!matches_pattern("a", "A"));
    CPPUNIT_ASSERT(!matches_pattern("", "a"));
    CPPUNIT_ASSERT(matches_pattern("", ""));
    CPPUNIT_ASSERT(matches_pattern("a%/*d", "abc/x/d"));
  }

  void many_wildcards_take_no_time() {
    std::string pattern, path;
    for (int i = 0; i < 500; ++i) pattern += "*a";
    path.assign(1000, 'a');
    CPPUNIT_ASSERT(!matches_pattern(pattern + "b", path));
  }

  static bool slowly(std::string_view pattern, std::string_view path) {
    if (pattern.empty()) return path.empty();
    if (pattern[0] == '*' || pattern[0] == '%')
      return slowly(pattern.substr(1), path) ||
             (!path.empty() && (pattern[0] == '*' || path[0] != '/') &&
              slowly(pattern, path.substr(1)));
    return !path.empty() && path[0] == pattern[0] && slowly(pattern.substr(1), path.substr(1));
  }

  void patterns_mean_what_a_slow_matcher_says() {
    std::mt19937 random(1);
    const auto text = [&](std::string_view octets) {
      std::string out(random() % 7, ' ');
      for (char& c : out) c = octets[random() % octets.size()];
      return out;
    };
    for (int i = 0; i < 20000; ++i) {
      const std::string pattern = text("ab/*%");
      const std::string path = text("ab/");
      CPPUNIT_ASSERT_EQUAL_MESSAGE(pattern + " on " + path, slowly(pattern, path),
                                   matches_pattern(pattern, path));
    }
  }

  // Each of them costs, times all folders; names without cost next to nothing.
  void a_list_names_only_so_many_octets_with_wildcards() {
    const auto parses = [](const std::string& name, int times) {
      std::string text = " () \"\" (";
      for (int i = 0; i < times; ++i) text += (i > 0 ? " " : "") + name;
      text += ")";
      const Limits limits;
      Parser parser(text, limits, false);
      ListProgram program;
      return parse_list(parser, program);
    };
    CPPUNIT_ASSERT(parses(std::string(900, 'a') + "*", 2));
    CPPUNIT_ASSERT(!parses(std::string(900, 'a') + "*", 3));
    CPPUNIT_ASSERT(parses(std::string(900, 'a'), 60));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailboxNameTest);

}  // namespace
}  // namespace fwd::imap
