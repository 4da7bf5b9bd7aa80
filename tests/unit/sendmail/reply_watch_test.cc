// How a conversation of somebody else ended.
#include "bin/sendmail/reply_watch.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sysexits.h>

namespace fwd::sendmail {
namespace {

class ReplyWatchTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ReplyWatchTest);
  CPPUNIT_TEST(a_greeting_that_refuses_is_no_success);
  CPPUNIT_TEST(silence_is_temporary);
  CPPUNIT_TEST(answers_between_are_the_clients_to_read);
  CPPUNIT_TEST(a_server_that_leaves_is_temporary);
  CPPUNIT_TEST_SUITE_END();

  static int after(std::string_view said) {
    ReplyWatch whole, octets;
    whole.add(said);
    for (const char c : said) octets.add(std::string_view(&c, 1));
    CPPUNIT_ASSERT_EQUAL(whole.status(), octets.status());
    return whole.status();
  }

 public:
  void a_greeting_that_refuses_is_no_success() {
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, after("421 4.3.2 too many connections\r\n"));
    CPPUNIT_ASSERT_EQUAL(EX_UNAVAILABLE, after("554-5.7.1 you\r\n554 may not\r\n"));
    CPPUNIT_ASSERT_EQUAL(EX_UNAVAILABLE, after("554 no\r\n221 bye\r\n"));
  }

  void silence_is_temporary() {
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, after(""));
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, after("220 half a greeting"));
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, after("\r\n"));
  }

  void answers_between_are_the_clients_to_read() {
    CPPUNIT_ASSERT_EQUAL(EX_OK, after("220 x\r\n250 x\r\n550 no\r\n451 no\r\n221 bye\r\n"));
    CPPUNIT_ASSERT_EQUAL(EX_OK, after("220 x\r\n550 no\r\n"));
  }

  void a_server_that_leaves_is_temporary() {
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, after("220 x\r\n250 x\r\n421 shutting down\r\n"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReplyWatchTest);

}  // namespace
}  // namespace fwd::sendmail
