// Commands with literals: bounds and staying in step.
#include <cppunit/extensions/HelperMacros.h>

#include "support/imap_rig.h"

namespace fwd::imap {
namespace {

class CommandReaderTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CommandReaderTest);
  CPPUNIT_TEST(over_long_lines_keep_the_session);
  CPPUNIT_TEST(an_over_long_line_may_end_in_a_literal);
  CPPUNIT_TEST(a_megabyte_of_garbage_is_refused);
  CPPUNIT_TEST(strangers_have_little_room);
  CPPUNIT_TEST(memory_is_given_back);
  CPPUNIT_TEST_SUITE_END();

 public:
  void over_long_lines_keep_the_session() {
    test::ImapRig rig;
    rig.log_in(0);
    CPPUNIT_ASSERT_EQUAL(std::string("a BAD [TOOBIG] The command line is too long\r\n"),
                         rig.ask(0, "a NOOP " + std::string(200000, 'x')));
    CPPUNIT_ASSERT_EQUAL(std::string("b OK NOOP completed\r\n"), rig.ask(0, "b NOOP"));
  }

  void an_over_long_line_may_end_in_a_literal() {
    test::ImapRig rig;
    rig.log_in(0);
    rig.send(0, "a NOOP " + std::string(200000, 'x') + "{9+}\r\nb NOOP\r\n!\r\nc NOOP\r\n");
    CPPUNIT_ASSERT_EQUAL(
        std::string("a BAD [TOOBIG] The command line is too long\r\nc OK NOOP completed\r\n"),
        rig.take(0));
  }

  void a_megabyte_of_garbage_is_refused() {
    test::ImapRig rig;
    rig.log_in(0);
    std::string garbage;
    unsigned state = 1;
    for (int i = 0; i < (1 << 20); ++i) {
      state = state * 1103515245 + 12345;
      garbage += static_cast<char>((state >> 16) & 0xFF);
    }
    rig.send(0, garbage);
    CPPUNIT_ASSERT(rig.closed(0));  // too many bad commands
    CPPUNIT_ASSERT(rig.bug.empty());
  }

  void strangers_have_little_room() {
    test::ImapRig rig;
    rig.connect(0);
    CPPUNIT_ASSERT_EQUAL(std::string("a BAD [TOOBIG] A literal is too large\r\n"),
                         rig.ask(0, "a LOGIN {5000}"));
    CPPUNIT_ASSERT_EQUAL(std::string("b BAD [TOOBIG] The command line is too long\r\n"),
                         rig.ask(0, "b LOGIN " + std::string(9000, 'x')));
  }

  void memory_is_given_back() {
    test::ImapRig rig;
    rig.log_in(0);
    const std::uint64_t before = rig.budget.left();
    CPPUNIT_ASSERT_EQUAL(std::string("+ Go on\r\n"), rig.ask(0, "a APPEND INBOX {200000}"));
    CPPUNIT_ASSERT(rig.budget.left() < before);
    const std::string said = rig.ask(0, test::message_named("big"));
    CPPUNIT_ASSERT(said.starts_with("a OK [APPENDUID "));
    CPPUNIT_ASSERT_EQUAL(before, rig.budget.left());
    CPPUNIT_ASSERT_EQUAL(1, rig.packer.packed);
    rig.ask(0, "b APPEND INBOX {3+}\r\nabc");
    CPPUNIT_ASSERT_EQUAL(1, rig.packer.packed);  // small ones stay on this thread
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CommandReaderTest);

}  // namespace
}  // namespace fwd::imap
