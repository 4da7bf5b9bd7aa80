// Names of folders and patterns of them.
#include "protocol/imap/mailbox_name.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::imap {
namespace {

class MailboxNameTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MailboxNameTest);
  CPPUNIT_TEST(inbox_is_inbox_in_any_case);
  CPPUNIT_TEST(patterns);
  CPPUNIT_TEST(many_wildcards_take_no_time);
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
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailboxNameTest);

}  // namespace
}  // namespace fwd::imap
