// First seen, come again, known (RFC 6647 §2.2).
#include "service/inbound/greylist.h"

#include <cppunit/extensions/HelperMacros.h>

#include "support/memory_state.h"
#include "unit/mailauth/finish.h"

namespace fwd::test {

using service::GreylistAnswer;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class GreylistTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(GreylistTest);
  CPPUNIT_TEST(who_is_new_waits_and_then_passes);
  CPPUNIT_TEST(another_machine_of_the_network_may_come_back);
  CPPUNIT_TEST(a_proven_sender_may_come_back_from_anywhere);
  CPPUNIT_TEST(who_never_comes_back_is_forgotten);
  CPPUNIT_TEST(a_pass_lasts_from_each_use);
  CPPUNIT_TEST(a_network_that_sends_good_mail_becomes_known);
  CPPUNIT_TEST(a_null_sender_waits_for_its_network);
  CPPUNIT_TEST(who_makes_up_senders_waits_as_one);
  CPPUNIT_TEST(senders_are_the_same_whatever_changes_in_them);
  CPPUNIT_TEST(nobody_waits_for_trouble_of_ours);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  MemoryState state_{clock_};
  service::Greylist greylist_{state_, clock_};
  service::GreylistOptions options_;

  GreylistAnswer ask(const std::string& ip, const std::string& sender,
                     const std::string& proven = "") {
    return finish(greylist_.ask({ip, sender, proven}, options_));
  }
  // Waits once and comes back.
  void pass(const std::string& ip, const std::string& sender) {
    CPPUNIT_ASSERT(ask(ip, sender).must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask(ip, sender).must_wait);
  }

 public:
  void who_is_new_waits_and_then_passes() {
    auto answer = ask("203.0.113.7", "a@example.test");
    CPPUNIT_ASSERT(answer.must_wait && answer.left == seconds(300));
    CPPUNIT_ASSERT(answer.refusal->code == 450 && answer.refusal->enhanced == "4.7.1");
    CPPUNIT_ASSERT(answer.finding.check == "greylist" && answer.finding.result == "wait");
    clock_.turn(seconds(299));
    answer = ask("203.0.113.7", "a@example.test");
    CPPUNIT_ASSERT(answer.must_wait && answer.left == seconds(1));
    clock_.turn(seconds(1));
    answer = ask("203.0.113.7", "a@example.test");
    CPPUNIT_ASSERT(!answer.must_wait && !answer.is_known && !answer.refusal);
    answer = ask("203.0.113.7", "a@example.test");
    CPPUNIT_ASSERT(!answer.must_wait && answer.is_known);
    CPPUNIT_ASSERT(ask("203.0.113.7", "b@example.test").must_wait);
    CPPUNIT_ASSERT(ask("198.51.100.7", "a@example.test").must_wait);
    options_.delay = seconds(0);
    CPPUNIT_ASSERT(!ask("198.51.100.8", "c@example.test").must_wait);
  }

  void another_machine_of_the_network_may_come_back() {
    ask("203.0.113.7", "a@example.test");
    ask("2001:db8:0:1::7", "a@example.test");
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.113.250", "A@Example.test").must_wait);
    CPPUNIT_ASSERT(!ask("2001:db8:0:1:ffff::", "a@example.test").must_wait);
    CPPUNIT_ASSERT(ask("2001:db8:0:2::7", "a@example.test").must_wait);
  }

  void a_proven_sender_may_come_back_from_anywhere() {
    CPPUNIT_ASSERT(ask("203.0.113.7", "a@big.test", "big.test").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("198.51.100.7", "a@big.test", "big.test").must_wait);
    CPPUNIT_ASSERT(ask("198.51.100.7", "a@big.test").must_wait);
    CPPUNIT_ASSERT(ask("198.51.100.7", "b@big.test", "big.test").must_wait);
  }

  void who_never_comes_back_is_forgotten() {
    ask("203.0.113.7", "a@example.test");
    clock_.turn(hours(5 * 24));
    CPPUNIT_ASSERT_EQUAL(seconds(300), ask("203.0.113.7", "a@example.test").left);
  }

  void a_pass_lasts_from_each_use() {
    options_.passes = 0;
    pass("203.0.113.7", "a@example.test");
    for (int month = 0; month < 3; ++month) {
      clock_.turn(hours(35 * 24));
      CPPUNIT_ASSERT(ask("203.0.113.7", "a@example.test").is_known);
    }
    clock_.turn(hours(36 * 24));
    CPPUNIT_ASSERT(ask("203.0.113.7", "a@example.test").must_wait);
  }

  void a_network_that_sends_good_mail_becomes_known() {
    options_.passes = 3;
    for (const char* sender : {"a@one.test", "b@two.test", "c@three.test"})
      pass("203.0.113.7", sender);
    const auto known = ask("203.0.113.99", "d@four.test");
    CPPUNIT_ASSERT(!known.must_wait && known.is_known);
    CPPUNIT_ASSERT_EQUAL(std::string("the network is known"), known.finding.why);
    clock_.turn(hours(30 * 24));
    CPPUNIT_ASSERT(ask("203.0.113.99", "e@four.test").is_known);
    clock_.turn(hours(30 * 24));
    CPPUNIT_ASSERT(ask("203.0.113.99", "f@four.test").is_known);
    options_.passes = 0;
    CPPUNIT_ASSERT(ask("203.0.113.99", "g@four.test").must_wait);
  }

  void a_null_sender_waits_for_its_network() {
    CPPUNIT_ASSERT(ask("203.0.113.7", "").must_wait);
    clock_.turn(minutes(5));
    CPPUNIT_ASSERT(!ask("203.0.113.8", "").must_wait);
    CPPUNIT_ASSERT(ask("203.0.114.8", "").must_wait);
  }

  void who_makes_up_senders_waits_as_one() {
    const auto made_up = [](int i) {
      return std::string("x") + static_cast<char>('a' + i % 26) + static_cast<char>('a' + i / 26) +
             "@made-up.test";
    };
    for (int i = 0; i < 150; ++i) CPPUNIT_ASSERT(ask("203.0.113.7", made_up(i)).must_wait);
    clock_.turn(minutes(5));
    // Those beyond the bound came back as one, which is all they gain.
    CPPUNIT_ASSERT(!ask("203.0.113.7", made_up(149)).must_wait);
    CPPUNIT_ASSERT(!ask("203.0.113.7", made_up(3)).must_wait);
    CPPUNIT_ASSERT(ask("198.51.100.7", made_up(149)).must_wait);
  }

  void senders_are_the_same_whatever_changes_in_them() {
    using service::greylist_sender;
    CPPUNIT_ASSERT_EQUAL(std::string("bob@example.test"), greylist_sender("Bob+x1@Example.test"));
    CPPUNIT_ASSERT_EQUAL(greylist_sender("bounce-81723-ab4@list.test"),
                         greylist_sender("bounce-9-cd5@list.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("prvs=#=bob@example.test"),
                         greylist_sender("prvs=0123abcd=bob@example.test"));
    CPPUNIT_ASSERT(greylist_sender("bob@a1.test") != greylist_sender("bob@a2.test"));
    CPPUNIT_ASSERT_EQUAL(std::string(""), greylist_sender(""));
  }

  void nobody_waits_for_trouble_of_ours() {
    state_.is_away = true;
    const auto answer = ask("203.0.113.7", "a@example.test");
    CPPUNIT_ASSERT(!answer.must_wait && !answer.refusal && !answer.is_known);
    CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), answer.finding.result);
    CPPUNIT_ASSERT_EQUAL(std::string("State is away"), answer.finding.why);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GreylistTest);

}  // namespace fwd::test
