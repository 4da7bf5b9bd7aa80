// Messages that were stored in part: the next try of each makes it whole and
// nobody gets it twice (RFC 5321 §4.2.5, §6.1).
#include <cppunit/extensions/HelperMacros.h>

#include "support/smtp_rig.h"

namespace fwd::test {
namespace {

const std::string kContent = "Subject: x\r\n\r\nbody\r\n";

class UnsettledTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(UnsettledTest);
  CPPUNIT_TEST(the_next_try_reaches_those_who_were_missed_and_only_them);
  CPPUNIT_TEST(the_same_octets_after_a_success_are_another_message);
  CPPUNIT_TEST(a_restart_forgets_nothing);
  CPPUNIT_TEST(the_next_try_may_come_in_parts);
  CPPUNIT_TEST(another_sender_or_content_is_another_message);
  CPPUNIT_TEST(what_is_never_tried_again_is_forgotten);
  CPPUNIT_TEST(the_memory_is_bounded_and_survives_nonsense);
  CPPUNIT_TEST_SUITE_END();

  SmtpRig rig_;

  // One message in the session there is; gives the last reply's code.
  std::string send(const std::vector<std::string>& names, const std::string& content = kContent,
                   const std::string& sender = "a@peer.example") {
    rig_.ask("MAIL FROM:<" + sender + ">");
    for (const auto& name : names) rig_.ask("RCPT TO:<" + name + "@example.test>");
    rig_.ask("DATA");
    rig_.send(content);
    return rig_.ask(".").substr(0, 3);
  }
  void connect() {
    rig_.connect();
    rig_.ask("EHLO peer.example");
  }
  // A new process, as far as inbound mail is concerned.
  void restart() {
    rig_.cancel();
    connect();
  }
  std::size_t count(const std::string& name) {
    return rig_.deliveries.messages(name + "@example.test").size();
  }
  void expect(std::size_t hello, std::size_t other) {
    CPPUNIT_ASSERT_EQUAL(hello, count("hello"));
    CPPUNIT_ASSERT_EQUAL(other, count("other"));
  }
  void damage(const std::string& name) { rig_.deliveries.damaged.insert(name + "@example.test"); }
  void mend() { rig_.deliveries.damaged.clear(); }

 public:
  void setUp() override { connect(); }

  void the_next_try_reaches_those_who_were_missed_and_only_them() {
    damage("other");
    for (int i = 0; i < 3; ++i) {
      CPPUNIT_ASSERT_EQUAL(std::string("451"), send({"hello", "other"}));
      expect(1, 0);
    }
    mend();
    CPPUNIT_ASSERT_EQUAL(std::string("250"), send({"hello", "other"}));
    expect(1, 1);
  }

  void the_same_octets_after_a_success_are_another_message() {
    damage("other");
    send({"hello", "other"});
    mend();
    for (std::size_t i = 1; i <= 3; ++i) {
      CPPUNIT_ASSERT_EQUAL(std::string("250"), send({"hello", "other"}));
      expect(i, i);
    }
  }

  void a_restart_forgets_nothing() {
    damage("other");
    send({"hello", "other"});
    restart();
    send({"hello", "other"});
    expect(1, 0);
    mend();
    restart();
    CPPUNIT_ASSERT_EQUAL(std::string("250"), send({"hello", "other"}));
    expect(1, 1);
    restart();
    send({"hello", "other"});
    expect(2, 2);
  }

  void the_next_try_may_come_in_parts() {
    damage("other");
    send({"hello", "other"});
    CPPUNIT_ASSERT_EQUAL(std::string("250"), send({"hello"}));
    expect(1, 0);
    mend();
    CPPUNIT_ASSERT_EQUAL(std::string("250"), send({"other"}));
    expect(1, 1);
    send({"hello"});
    expect(2, 1);
  }

  void another_sender_or_content_is_another_message() {
    damage("other");
    send({"hello", "other"});
    send({"hello", "other"}, "Subject: y\r\n\r\nbody\r\n");
    expect(2, 0);
    send({"hello", "other"}, kContent, "b@peer.example");
    expect(3, 0);
    send({"hello", "other"}, kContent + kContent);
    expect(4, 0);
  }

  void what_is_never_tried_again_is_forgotten() {
    damage("other");
    send({"hello", "other"});
    const std::chrono::hours day(24);
    rig_.clock.turn(5 * day + std::chrono::seconds(1));
    restart();
    send({"hello", "other"});
    expect(2, 0);
  }

  void the_memory_is_bounded_and_survives_nonsense() {
    damage("other");
    send({"hello", "other"});
    rig_.limits.transactions = 10000;
    restart();
    for (int i = 0; i < 300; ++i) send({"hello", "other"}, kContent + std::to_string(i) + "\r\n");
    // The first ones stay.
    CPPUNIT_ASSERT_EQUAL(std::string("451"), send({"hello", "other"}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{301}, count("hello"));
    for (const std::string nonsense : {"", "\x01", "\x01\xff", "\x02junk", "junk of some length"}) {
      auto setting = rig_.state.set("mx.unsettled", nonsense, std::chrono::seconds(1000));
      CPPUNIT_ASSERT(setting.start(std::noop_coroutine()));
      restart();
      CPPUNIT_ASSERT_EQUAL(std::string("250"), send({"hello"}));
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UnsettledTest);

}  // namespace
}  // namespace fwd::test
