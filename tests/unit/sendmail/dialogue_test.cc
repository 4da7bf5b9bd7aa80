// A message is given to a server that has its troubles.
#include "bin/sendmail/dialogue.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sysexits.h>

#include <algorithm>

#include "core/memory_pipe.h"
#include "core/ready.h"
#include "core/task_group.h"
#include "support/fake_remote.h"

namespace fwd::sendmail {
namespace {

using std::chrono::seconds;

class DialogueTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DialogueTest);
  CPPUNIT_TEST(a_server_that_is_away_is_waited_for);
  CPPUNIT_TEST(a_server_that_has_no_place_is_asked_again);
  CPPUNIT_TEST(a_lost_connection_is_made_again);
  CPPUNIT_TEST(only_who_was_put_off_is_tried_again);
  CPPUNIT_TEST(a_message_that_may_have_been_taken_is_not_sent_twice);
  CPPUNIT_TEST(a_final_no_is_final);
  CPPUNIT_TEST(patience_ends_after_two_minutes);
  CPPUNIT_TEST(the_null_sender_is_passed_on);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  test::FakeRemote remote_{{}, clock_};
  bool is_away_ = false;
  int tries_ = 0;
  Submission submission_;
  Verdict verdict_;
  Surroundings around_{clock_, [this] { return connect(); }, seconds(120)};
  TaskGroup tasks_{
      [](const std::string& name, const std::string& what) { CPPUNIT_FAIL(name + ": " + what); }};
  TaskGroup submitting_{
      [](const std::string& name, const std::string& what) { CPPUNIT_FAIL(name + ": " + what); }};

  Task<Outcome<std::unique_ptr<Stream>>> connect() {
    ++tries_;
    if (is_away_) co_return Failure{Fault::kUnavailable, "", "Connection refused"};
    auto [theirs, ours] = make_memory_pipe();
    tasks_.spawn("remote", remote_.serve(std::move(theirs)));
    co_return std::move(ours);
  }
  void begin(std::vector<std::string> recipients = {"a@b.test"}) {
    submission_.sender = "me@b.test";
    submission_.recipients = std::move(recipients);
    submission_.content = "Subject: x\r\n\r\n";
    submitting_.spawn("submit", submit_patiently(around_, submission_, verdict_));
    run_ready();
  }
  bool is_done() const { return submitting_.size() == 0; }
  void assert_taken(int connections) {
    CPPUNIT_ASSERT(is_done());
    CPPUNIT_ASSERT_EQUAL(EX_OK, verdict_.status);
    CPPUNIT_ASSERT(verdict_.words.empty());
    CPPUNIT_ASSERT_EQUAL(connections, tries_);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote_.messages.size());
  }
  bool heard(const std::string& beginning) const {
    return std::any_of(remote_.commands.begin(), remote_.commands.end(),
                       [&](const auto& line) { return line.starts_with(beginning); });
  }

 public:
  void a_server_that_is_away_is_waited_for() {
    is_away_ = true;
    begin();
    clock_.turn(seconds(1));
    clock_.turn(seconds(2));
    CPPUNIT_ASSERT_EQUAL(3, tries_);
    CPPUNIT_ASSERT(!is_done());
    is_away_ = false;
    clock_.turn(seconds(4));
    assert_taken(4);
  }

  void a_server_that_has_no_place_is_asked_again() {
    remote_.script.greeting = "421 4.3.2 mx.example too many connections\r\n";
    begin();
    remote_.script.greeting = "220 mx.example ESMTP\r\n";
    remote_.script.answers = {{"MAIL", "451 4.3.0 later\r\n"}, {"DATA", "503 5.5.1 no\r\n"}};
    clock_.turn(seconds(1));
    remote_.script.answers.clear();
    clock_.turn(seconds(2));
    assert_taken(3);
  }

  void a_lost_connection_is_made_again() {
    remote_.script.answers["RCPT"] = "hang up";
    begin();
    remote_.script.answers.clear();
    clock_.turn(seconds(1));
    assert_taken(2);
  }

  void only_who_was_put_off_is_tried_again() {
    remote_.script.answers["RCPT TO:<LATER@"] = "451 4.3.0 later\r\n";
    begin({"a@b.test", "later@b.test"});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote_.messages.size());
    remote_.script.answers.clear();
    remote_.commands.clear();
    clock_.turn(seconds(1));
    CPPUNIT_ASSERT(is_done());
    CPPUNIT_ASSERT_EQUAL(EX_OK, verdict_.status);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, remote_.messages.size());
    CPPUNIT_ASSERT(heard("RCPT TO:<later@b.test>") && !heard("RCPT TO:<a@b.test>"));
  }

  void a_message_that_may_have_been_taken_is_not_sent_twice() {
    remote_.script.end_of_data = "hang up";
    begin();
    CPPUNIT_ASSERT(is_done());
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, verdict_.status);
    CPPUNIT_ASSERT_EQUAL(1, tries_);
  }

  void a_final_no_is_final() {
    remote_.script.answers["RCPT"] = "550 5.1.1 nobody\r\n";
    begin();
    CPPUNIT_ASSERT(is_done());
    CPPUNIT_ASSERT_EQUAL(EX_NOUSER, verdict_.status);
    CPPUNIT_ASSERT_EQUAL(1, tries_);
  }

  void patience_ends_after_two_minutes() {
    is_away_ = true;
    begin();
    for (int i = 0; i < 120; ++i) clock_.turn(seconds(1));
    CPPUNIT_ASSERT(is_done());
    CPPUNIT_ASSERT_EQUAL(EX_TEMPFAIL, verdict_.status);
    CPPUNIT_ASSERT_EQUAL(11, tries_);  // after 0, 1, 3, 7, 15, 31, 47 … 111 s
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, verdict_.words.size());
  }

  // RFC 5321 §4.5.5
  void the_null_sender_is_passed_on() {
    submission_.recipients = {"a@b.test"};
    submission_.content = "Subject: x\r\n\r\n";
    submitting_.spawn("submit", submit_patiently(around_, submission_, verdict_));
    run_ready();
    assert_taken(1);
    CPPUNIT_ASSERT(heard("MAIL FROM:<>"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialogueTest);

}  // namespace
}  // namespace fwd::sendmail
