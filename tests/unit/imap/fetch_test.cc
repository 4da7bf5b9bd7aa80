// FETCH: large messages, damage under way, memory.
#include <cppunit/extensions/HelperMacros.h>

#include "protocol/imap/fetch_answer.h"
#include "support/imap_rig.h"

namespace fwd::imap {
namespace {

class FetchTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FetchTest);
  CPPUNIT_TEST(large_messages_come_octet_for_octet);
  CPPUNIT_TEST(damage_before_the_first_octet_is_a_no);
  CPPUNIT_TEST(damage_under_way_ends_the_session);
  CPPUNIT_TEST(headers_are_filtered_with_their_continuations);
  CPPUNIT_TEST_SUITE_END();

 public:
  void large_messages_come_octet_for_octet() {
    test::ImapRig rig;
    const std::string big = test::message_named("big");
    rig.store.deliver("INBOX", big);
    rig.log_in(0);
    rig.ask(0, "a SELECT INBOX");
    const std::string said = rig.ask(0, "b FETCH 1 BODY.PEEK[]");
    const std::string head = "* 1 FETCH (BODY[] {200000}\r\n";
    CPPUNIT_ASSERT_EQUAL(head, said.substr(0, head.size()));
    CPPUNIT_ASSERT(said.substr(head.size(), big.size()) == big);
    CPPUNIT_ASSERT_EQUAL(std::string(")\r\nb OK FETCH completed\r\n"),
                         said.substr(head.size() + big.size()));
    const std::string part = rig.ask(0, "c FETCH 1 BODY.PEEK[]<65530.20>");
    CPPUNIT_ASSERT(part.find("{20}\r\n" + big.substr(65530, 20) + ")") != std::string::npos);
  }

  void damage_before_the_first_octet_is_a_no() {
    test::ImapRig rig;
    rig.store.deliver("INBOX", test::message_named("plain"));
    rig.store.deliver("INBOX", test::message_named("plain"));
    rig.store.corrupt("INBOX", 1);
    rig.log_in(0);
    rig.ask(0, "a SELECT INBOX");
    const std::string said = rig.ask(0, "b FETCH 1:2 (UID BODY.PEEK[])");
    CPPUNIT_ASSERT(said.starts_with("* 2 FETCH (UID 2 BODY[] {"));
    CPPUNIT_ASSERT(said.find("\r\nb NO [CORRUPTION] ") != std::string::npos);
    CPPUNIT_ASSERT(!rig.closed(0));
  }

  void damage_under_way_ends_the_session() {
    test::ImapRig rig;
    rig.store.deliver("INBOX", test::message_named("big"));
    rig.store.corrupt("INBOX", 1);
    rig.log_in(0);
    rig.ask(0, "a SELECT INBOX");
    const std::string said = rig.ask(0, "b FETCH 1 BODY.PEEK[]");
    CPPUNIT_ASSERT(said.size() < 200000);
    CPPUNIT_ASSERT(said.find("b OK") == std::string::npos);
    CPPUNIT_ASSERT(rig.closed(0));
    CPPUNIT_ASSERT(rig.log.lines().back().find("why=fetch-cut") != std::string::npos);
  }

  void headers_are_filtered_with_their_continuations() {
    const std::string header = "From: a\r\nTo: b,\r\n c\r\nX: d\r\nto : e\r\n\r\nnot header";
    CPPUNIT_ASSERT_EQUAL(std::string("To: b,\r\n c\r\nto : e\r\n\r\n"),
                         filter_header(header, {"TO"}, true));
    CPPUNIT_ASSERT_EQUAL(std::string("From: a\r\nX: d\r\n\r\n"),
                         filter_header(header, {"TO"}, false));
    CPPUNIT_ASSERT_EQUAL(std::string("\r\n"), filter_header("", {"TO"}, true));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FetchTest);

}  // namespace
}  // namespace fwd::imap
