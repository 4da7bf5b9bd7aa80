// What a session costs and leaves behind.
#include <cppunit/extensions/HelperMacros.h>

#include "support/imap_rig.h"

namespace fwd::imap {
namespace {

class SessionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SessionTest);
  CPPUNIT_TEST(quiet_commands_ask_the_keeper_nothing);
  CPPUNIT_TEST(seen_is_stored_once_for_a_whole_fetch);
  CPPUNIT_TEST(a_session_is_told_of_in_two_lines);
  CPPUNIT_TEST(no_password_in_any_log_line);
  CPPUNIT_TEST(a_peer_that_takes_nothing_is_given_up);
  CPPUNIT_TEST(destroying_a_session_at_any_moment_is_safe);
  CPPUNIT_TEST_SUITE_END();

  static int calls(const test::ImapRig& rig, const std::string& name) {
    const auto at = rig.store.calls().find(name);
    return at == rig.store.calls().end() ? 0 : at->second;
  }

 public:
  void quiet_commands_ask_the_keeper_nothing() {
    test::ImapRig rig;
    rig.store.deliver("INBOX", test::message_named("plain"));
    rig.log_in(0);
    rig.ask(0, "a SELECT INBOX");
    rig.ask(0, "b NOOP");
    const int before = calls(rig, "changes_since");
    for (int i = 0; i < 10; ++i) rig.ask(0, "c NOOP");
    rig.ask(0, "d SEARCH 1:*");
    CPPUNIT_ASSERT_EQUAL(before, calls(rig, "changes_since"));
    CPPUNIT_ASSERT_EQUAL(0, calls(rig, "fetch"));
  }

  void seen_is_stored_once_for_a_whole_fetch() {
    test::ImapRig rig;
    for (int i = 0; i < 10; ++i) rig.store.deliver("INBOX", test::message_named("plain"));
    rig.log_in(0);
    rig.ask(0, "a SELECT INBOX");
    rig.ask(0, "b FETCH 1:* BODY[TEXT]");
    CPPUNIT_ASSERT_EQUAL(1, calls(rig, "store_flags"));
    rig.ask(0, "c FETCH 1:* BODY[TEXT]");
    CPPUNIT_ASSERT_EQUAL(1, calls(rig, "store_flags"));
  }

  void a_session_is_told_of_in_two_lines() {
    test::ImapRig rig;
    rig.log_in(0);
    rig.ask(0, "a LOGOUT");
    const auto& lines = rig.log.lines();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, lines.size());
    CPPUNIT_ASSERT(lines[0].starts_with("imap.session.start s=s0 peer=192.0.2.1"));
    CPPUNIT_ASSERT(lines[1].starts_with("imap.login s=s0"));
    CPPUNIT_ASSERT(lines[2].starts_with("imap.session.end s=s0"));
    CPPUNIT_ASSERT(lines[2].find("why=logout commands=2") != std::string::npos);
  }

  void no_password_in_any_log_line() {
    test::ImapRig rig;
    rig.connect(0);
    rig.ask(0, "a LOGIN hello@example.test hunter2hunter2");
    rig.ask(0, "b AUTHENTICATE PLAIN AGh1bnRlcjJodW50ZXIyAGh1bnRlcjJodW50ZXIy");
    rig.ask(0, "c LOGIN hello@example.test secret");
    for (const std::string& line : rig.log.lines()) {
      CPPUNIT_ASSERT(line.find("hunter2") == std::string::npos);
      CPPUNIT_ASSERT(line.find("secret") == std::string::npos);
    }
  }

  void a_peer_that_takes_nothing_is_given_up() {
    test::ImapRig rig;
    auto [server, client] = make_memory_pipe(rig.pipe);
    rig.store.deliver("INBOX", test::message_named("big"));
    Session session(*server, rig.clock, rig.logins, rig.log, rig.limits, rig.stop, "x");
    TaskGroup group([](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); });
    group.spawn("session", session.run());
    const std::string typed =
        "a LOGIN hello@example.test secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n";
    auto typing = client->write(typed);
    typing.start(std::noop_coroutine());
    run_ready();
    CPPUNIT_ASSERT(rig.log.lines().back().find("imap.session.end") == std::string::npos);
    rig.clock.turn(std::chrono::minutes(6));
    CPPUNIT_ASSERT(rig.log.lines().back().starts_with("imap.session.end"));
  }

  void destroying_a_session_at_any_moment_is_safe() {
    const std::string typed =
        "a LOGIN hello@example.test secret\r\nb SELECT INBOX\r\nc FETCH 1 (FLAGS BODY[])\r\n"
        "d APPEND INBOX {10}\r\n0123456789\r\ne IDLE\r\n";
    for (std::size_t size = 0; size <= typed.size(); size += 7) {
      test::ImapRig rig;
      rig.store.deliver("INBOX", test::message_named("big"));
      rig.connect(0);
      rig.send(0, typed.substr(0, size));
      CPPUNIT_ASSERT(rig.bug.empty());
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionTest);

}  // namespace
}  // namespace fwd::imap
