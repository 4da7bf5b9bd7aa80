// One mailbox and nothing else.
#include "format/one_mailbox.h"

#include <cppunit/extensions/HelperMacros.h>

namespace fwd::format {
namespace {

class OneMailboxTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OneMailboxTest);
  CPPUNIT_TEST(the_forms_that_programs_write);
  CPPUNIT_TEST(lists_groups_and_double_meanings_are_refused);
  CPPUNIT_TEST(comments_have_a_bounded_depth);
  CPPUNIT_TEST_SUITE_END();

  static std::string address(std::string_view value) {
    const auto found = read_one_mailbox(value);
    return found ? found->address : "none";
  }

 public:
  // RFC 5322 §3.4
  void the_forms_that_programs_write() {
    const std::string a = "a@example.test";
    CPPUNIT_ASSERT_EQUAL(a, address("a@example.test"));
    CPPUNIT_ASSERT_EQUAL(a, address(" <a@example.test>"));
    CPPUNIT_ASSERT_EQUAL(a, address("Joe Q. Public\r\n\t<a@example.test>"));
    CPPUNIT_ASSERT_EQUAL(a, address("\"Public, Joe <x@y>\" <a@example.test> (home)"));
    CPPUNIT_ASSERT_EQUAL(a, address("=?utf-8?B?SsO2cmc=?= <a@example.test>"));
    CPPUNIT_ASSERT_EQUAL(a, address("J\xC3\xB6rg <a @ example.test>"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"a b\"@[192.0.2.1]"), address("<\"a b\"@[192.0.2.1]>"));
    const auto cron = read_one_mailbox("root (Cron Daemon)");
    CPPUNIT_ASSERT_EQUAL(std::string("root"), cron.value().address);
    CPPUNIT_ASSERT_EQUAL(std::string("Cron Daemon"), cron.value().comment);
    CPPUNIT_ASSERT_EQUAL(std::string("\"A\" B"),
                         read_one_mailbox("\"A\" B <a@example.test>").value().phrase);
  }

  void lists_groups_and_double_meanings_are_refused() {
    for (const auto* bad :
         {"", " ", "a@example.test, b@example.test", "a@example.test b@example.test",
          "<a@example.test> <b@example.test>", "Friends: a@example.test;", "<a@example.test",
          "a@example.test>", "a@example.test <b@example.test>", "Joe a@example.test",
          "<@relay:a@example.test>", "<a@b@example.test>", "\"Joe <a@example.test>", "(a@b.test)",
          "<>", "a@", "@example.test", "a@exa\x01mple.test", "<a@example.test>;"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("none"), address(bad));
  }

  void comments_have_a_bounded_depth() {
    CPPUNIT_ASSERT_EQUAL(std::string("a@b.test"), address("((deep)) a@b.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         address(std::string(100000, '(') + "a@b.test" + std::string(100000, ')')));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), address("a@b.test (open"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OneMailboxTest);

}  // namespace
}  // namespace fwd::format
