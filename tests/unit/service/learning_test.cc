// What users put into Junk and take out of it, in real sessions with a
// scripted teacher.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "service/learning/junk_learner.h"
#include "support/imap_rig.h"

namespace fwd::learning {
namespace {

// Says what it was told to; while `is_stalled` it does not answer.
struct ScriptedTeacher {
  std::optional<Failure> failure;
  Event answers;
  std::vector<std::pair<scan::Lesson, std::string>> lessons;

  ScriptedTeacher() { answers.set(); }
  Task<Outcome<void>> learn(scan::Lesson lesson, std::shared_ptr<const std::string> content) {
    lessons.emplace_back(lesson, *content);
    co_await answers.wait();
    if (failure) co_return *failure;
    co_return Outcome<void>{};
  }
};

struct Rig {
  ScriptedTeacher teacher;
  test::ImapRig imap;
  JunkLearner learner{imap.clock, imap.log, imap.budget};

  explicit Rig(LearnerOptions options = {}) {
    learner.set(
        [this](scan::Lesson lesson, std::shared_ptr<const std::string> content) {
          return teacher.learn(lesson, std::move(content));
        },
        options);
    imap.filing_observer = &learner;
  }
  // A session with that folder selected.
  void open(const std::string& folder) {
    imap.log_in(0);
    imap.ask(0, "s SELECT " + folder);
  }
  // The same for an INBOX with so many messages more.
  void open_with(int messages) {
    for (int i = 0; i < messages; ++i) imap.store.deliver("INBOX", test::message_named("plain"));
    open("INBOX");
  }
  std::size_t logged(const std::string& what) const {
    const auto& lines = imap.log.lines();
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [&](const auto& line) { return line.find(what) != std::string::npos; }));
  }
};

bool is_ok(const std::string& said, const std::string& tag) {
  return said.find(tag + " OK") != std::string::npos;
}

class LearningTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LearningTest);
  CPPUNIT_TEST(mail_put_into_junk_is_spam);
  CPPUNIT_TEST(mail_taken_out_of_junk_is_ham);
  CPPUNIT_TEST(other_moves_teach_nothing);
  CPPUNIT_TEST(appended_and_failed_commands_teach_nothing);
  CPPUNIT_TEST(a_long_message_is_taught_whole);
  CPPUNIT_TEST(a_stalled_teacher_delays_nobody);
  CPPUNIT_TEST(a_client_that_moves_and_hangs_up_still_teaches);
  CPPUNIT_TEST(what_waits_is_bounded);
  CPPUNIT_TEST(an_absent_teacher_drops_what_waits);
  CPPUNIT_TEST(one_refused_message_does_not_stop_the_next);
  CPPUNIT_TEST(nothing_waits_for_longer_than_a_minute);
  CPPUNIT_TEST(too_large_messages_are_left_out);
  CPPUNIT_TEST(a_message_that_is_gone_is_left_out);
  CPPUNIT_TEST(settling_ends_in_time);
  CPPUNIT_TEST(ending_while_it_learns_is_safe);
  CPPUNIT_TEST_SUITE_END();

 public:
  void mail_put_into_junk_is_spam() {
    Rig rig;
    for (const char* name : {"plain", "utf8", "multi"})
      rig.imap.store.deliver("INBOX", test::message_named(name));
    rig.open("INBOX");
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "a COPY 1 Spam"), "a"));
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "b UID MOVE 2:3 Spam"), "b"));
    const auto& lessons = rig.teacher.lessons;
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, lessons.size());
    for (const auto& [lesson, content] : lessons) CPPUNIT_ASSERT(lesson == scan::Lesson::kSpam);
    CPPUNIT_ASSERT_EQUAL(test::message_named("plain"), lessons[0].second);
    CPPUNIT_ASSERT_EQUAL(test::message_named("multi"), lessons[2].second);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rig.logged("imap.learned s=s0"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rig.logged("as=spam"));
  }

  void mail_taken_out_of_junk_is_ham() {
    Rig rig;
    for (int i = 0; i < 2; ++i) rig.imap.store.deliver("Spam", test::message_named("plain"));
    rig.open("Spam");
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "a MOVE 1 INBOX"), "a"));
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "b COPY 1 Archive"), "b"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig.teacher.lessons.size());
    CPPUNIT_ASSERT(rig.teacher.lessons[0].first == scan::Lesson::kHam);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig.logged("as=ham"));
  }

  void other_moves_teach_nothing() {
    Rig rig;
    for (int i = 0; i < 3; ++i) rig.imap.store.deliver("Spam", test::message_named("plain"));
    rig.imap.store.deliver("INBOX", test::message_named("plain"));
    rig.open("Spam");
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "a MOVE 1 Trash"), "a"));
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "b COPY 1 Spam"), "b"));
    rig.imap.ask(0, "c SELECT INBOX");
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "d MOVE 1 Archive"), "d"));
    CPPUNIT_ASSERT(rig.teacher.lessons.empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig.logged("imap.learn"));
  }

  void appended_and_failed_commands_teach_nothing() {
    Rig rig;
    rig.open_with(1);
    rig.imap.ask(0, "a APPEND Spam {5+}\r\nA: b\n");
    rig.imap.ask(0, "b COPY 1 Nowhere");
    rig.imap.ask(0, "c UID COPY 99 Spam");
    CPPUNIT_ASSERT(rig.teacher.lessons.empty());
  }

  void a_long_message_is_taught_whole() {
    Rig rig;
    rig.imap.store.deliver("INBOX", test::message_named("big"));
    rig.open("INBOX");
    const std::uint64_t memory = rig.imap.budget.left();
    rig.imap.ask(0, "a MOVE 1 Spam");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.teacher.lessons.size());
    CPPUNIT_ASSERT(rig.teacher.lessons[0].second == test::message_named("big"));
    CPPUNIT_ASSERT_EQUAL(memory, rig.imap.budget.left());
  }

  void a_stalled_teacher_delays_nobody() {
    Rig rig;
    rig.teacher.answers.clear();
    rig.open_with(1);
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "a MOVE 1 Spam"), "a"));
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "b NOOP"), "b"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig.logged("imap.learned"));
    rig.teacher.answers.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("imap.learned"));
  }

  void a_client_that_moves_and_hangs_up_still_teaches() {
    Rig rig;
    rig.teacher.answers.clear();
    rig.open_with(3);
    rig.imap.send(0, "a MOVE 1:3 Spam\r\nb LOGOUT\r\n");
    CPPUNIT_ASSERT(rig.imap.closed(0));
    rig.teacher.answers.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rig.logged("imap.learned"));
  }

  void what_waits_is_bounded() {
    LearnerOptions few;
    few.most_waiting = 4;
    Rig rig(few);
    rig.teacher.answers.clear();
    rig.open_with(10);
    // Four of six wait; one of them is with the teacher, so one more may come.
    rig.imap.ask(0, "a MOVE 1:6 Spam");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("fault=over-limit"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("dropped=2"));
    rig.imap.ask(0, "b MOVE 1:4 Spam");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("dropped=3"));
    rig.teacher.answers.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, rig.logged("imap.learned"));
  }

  void an_absent_teacher_drops_what_waits() {
    Rig rig;
    rig.teacher.failure = Failure{Fault::kUnavailable, "", "Connection refused"};
    rig.open_with(5);
    CPPUNIT_ASSERT(is_ok(rig.imap.ask(0, "a MOVE 1:5 Spam"), "a"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.teacher.lessons.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("imap.learn.failed"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("dropped=5"));
  }

  void one_refused_message_does_not_stop_the_next() {
    Rig rig;
    rig.teacher.failure = Failure{Fault::kCannot, "", "too little text"};
    rig.open_with(3);
    rig.imap.ask(0, "a MOVE 1:3 Spam");
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rig.teacher.lessons.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rig.logged("fault=cannot"));
  }

  void nothing_waits_for_longer_than_a_minute() {
    Rig rig;
    rig.teacher.answers.clear();
    rig.open_with(3);
    rig.imap.ask(0, "a MOVE 1:3 Spam");
    rig.imap.clock.turn(std::chrono::seconds(61));
    rig.teacher.answers.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("imap.learned"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig.logged("fault=busy"));
  }

  void too_large_messages_are_left_out() {
    LearnerOptions small;
    small.size_limit = 1000;
    Rig rig(small);
    rig.imap.store.deliver("INBOX", test::message_named("big"));
    rig.open_with(1);
    rig.imap.ask(0, "a MOVE 1:2 Spam");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.teacher.lessons.size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("fault=over-limit"));
  }

  void a_message_that_is_gone_is_left_out() {
    Rig rig;
    rig.teacher.answers.clear();
    rig.open_with(2);
    rig.imap.ask(0, "a MOVE 1:2 Spam");
    rig.imap.ask(0, "b SELECT Spam");
    rig.imap.ask(0, "c STORE 2 +FLAGS (\\Deleted)");
    rig.imap.ask(0, "d EXPUNGE");
    rig.teacher.answers.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("imap.learned"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig.logged("fault=not-found"));
  }

  void settling_ends_in_time() {
    Rig rig;
    rig.teacher.answers.clear();
    rig.open_with(1);
    rig.imap.ask(0, "a MOVE 1 Spam");
    Task<void> settling = rig.learner.settle(std::chrono::seconds(3));
    CPPUNIT_ASSERT(!settling.start(std::noop_coroutine()));
    rig.imap.clock.turn(std::chrono::seconds(3));
    CPPUNIT_ASSERT(settling.done());
    Task<void> again = rig.learner.settle(std::chrono::seconds(3));
    CPPUNIT_ASSERT(!again.start(std::noop_coroutine()));
    rig.teacher.answers.set();
    run_ready();
    CPPUNIT_ASSERT(again.done());
  }

  void ending_while_it_learns_is_safe() {
    Rig rig;
    rig.teacher.answers.clear();
    rig.open_with(3);
    rig.imap.ask(0, "a MOVE 1:3 Spam");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LearningTest);

}  // namespace
}  // namespace fwd::learning
