// Names of folders on the wire.
#include "protocol/imap/mailbox_name.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::imap {
namespace {

class MailboxNameTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MailboxNameTest);
  CPPUNIT_TEST(modified_utf7_both_ways);
  CPPUNIT_TEST(modified_utf7_has_one_spelling);
  CPPUNIT_TEST(inbox_is_inbox_in_any_case);
  CPPUNIT_TEST(patterns);
  CPPUNIT_TEST(many_wildcards_take_no_time);
  CPPUNIT_TEST_SUITE_END();

 public:
  void modified_utf7_both_ways() {
    struct Pair {
      const char* utf8;
      const char* wire;
    };
    // The third is RFC 3501 §5.1.3's own example.
    for (const Pair& pair :
         {Pair{"Sent Mail", "Sent Mail"}, Pair{"A & B", "A &- B"},
          Pair{"~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
               "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
          Pair{"K\xC3\xA4se", "K&AOQ-se"}, Pair{"\xF0\x9F\x93\xAC", "&2D3crA-"}}) {
      CPPUNIT_ASSERT_EQUAL(std::string(pair.wire), to_modified_utf7(pair.utf8));
      CPPUNIT_ASSERT_EQUAL(std::string(pair.utf8), from_modified_utf7(pair.wire).value());
    }
  }

  void modified_utf7_has_one_spelling() {
    // Open run, plain letter in a run, two runs, half a pair, stray bits, 8-bit.
    for (const char* bad : {"&", "&AOQ", "&AGE-", "&AOQ-&AOQ-", "&2D0-", "&3Kw-", "&AOR-",
                            "K\xC3\xA4", "&A-", "&AO.-", "a\x01"})
      CPPUNIT_ASSERT(!from_modified_utf7(bad));
  }

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
