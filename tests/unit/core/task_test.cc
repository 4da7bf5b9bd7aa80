// Tasks, events, clocks: waiting, waking, cancelling.
#include "core/task.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/event.h"
#include "core/first_of.h"
#include "core/task_group.h"

namespace fwd {
namespace {

Task<int> at_once(int value) { co_return value; }

Task<int> add_up(int rounds) {
  int sum = 0;
  for (int i = 0; i < rounds; ++i) sum += co_await at_once(1);
  co_return sum;
}

struct Note {
  explicit Note(int& count) : count_(count) { ++count_; }
  ~Note() { --count_; }
  int& count_;
};

Task<int> wait_for(Event& event, int value, int& alive) {
  const Note note(alive);
  co_await event.wait();
  co_return value;
}

Task<void> store(Task<int> work, int& into) { into = co_await work; }

Task<void> store_winner(Event& a, Event& b, int& winner, int& alive) {
  auto one = wait_for(a, 1, alive);
  auto two = wait_for(b, 2, alive);
  const auto won = co_await first_of(std::move(one), std::move(two));
  winner = won.index() == 0 ? std::get<0>(won) : std::get<1>(won);
}

Task<void> throws() {
  co_await at_once(1);
  throw std::runtime_error("a bug");
}

Task<void> nap(Clock& clock, std::chrono::milliseconds span, std::vector<int>& log, int name) {
  co_await clock.sleep(span);
  log.push_back(name);
}

Task<void> bounded(Clock& clock, Event& event, int& alive, bool& timed_out) {
  auto work = wait_for(event, 1, alive);
  const auto got = co_await before(clock, clock.now() + std::chrono::seconds(5), std::move(work));
  timed_out = !got.has_value();
}

class TaskTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TaskTest);
  CPPUNIT_TEST(a_million_ready_tasks_use_no_stack);
  CPPUNIT_TEST(an_event_wakes_through_the_ready_queue);
  CPPUNIT_TEST(destroying_a_task_cancels_what_it_waits_for);
  CPPUNIT_TEST(the_first_ends_and_the_other_is_destroyed);
  CPPUNIT_TEST(a_cancelled_task_that_was_already_woken_does_not_run);
  CPPUNIT_TEST(an_exception_is_told_once_and_the_group_lives);
  CPPUNIT_TEST(sleepers_wake_in_order_of_time);
  CPPUNIT_TEST(before_gives_nothing_when_the_time_is_up);
  CPPUNIT_TEST_SUITE_END();

  std::vector<std::string> bugs_;
  TaskGroup group_{[this](const std::string& name, const std::string& what) {
    bugs_.push_back(name + ": " + what);
  }};

 public:
  void a_million_ready_tasks_use_no_stack() {
    int sum = 0;
    group_.spawn("add", store(add_up(1000000), sum));
    CPPUNIT_ASSERT_EQUAL(1000000, sum);
  }

  void an_event_wakes_through_the_ready_queue() {
    Event event;
    int value = 0, alive = 0;
    group_.spawn("wait", store(wait_for(event, 7, alive), value));
    event.set();
    CPPUNIT_ASSERT_EQUAL(0, value);
    run_ready();
    CPPUNIT_ASSERT_EQUAL(7, value);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, group_.size());
  }

  void destroying_a_task_cancels_what_it_waits_for() {
    Event event;
    int value = 0, alive = 0;
    group_.spawn("wait", store(wait_for(event, 7, alive), value));
    CPPUNIT_ASSERT_EQUAL(1, alive);
    group_.cancel_all();
    CPPUNIT_ASSERT_EQUAL(0, alive);
    event.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(0, value);
  }

  void the_first_ends_and_the_other_is_destroyed() {
    Event a, b;
    int winner = 0, alive = 0;
    group_.spawn("race", store_winner(a, b, winner, alive));
    CPPUNIT_ASSERT_EQUAL(2, alive);
    b.set();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(2, winner);
    CPPUNIT_ASSERT_EQUAL(0, alive);
  }

  void a_cancelled_task_that_was_already_woken_does_not_run() {
    Event a;
    int value = 0, alive = 0;
    group_.spawn("wait", store(wait_for(a, 1, alive), value));
    a.set();
    group_.cancel_all();
    run_ready();
    CPPUNIT_ASSERT_EQUAL(0, value);
  }

  void an_exception_is_told_once_and_the_group_lives() {
    group_.spawn("bad", throws());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bugs_.size());
    CPPUNIT_ASSERT_EQUAL(std::string("bad: a bug"), bugs_[0]);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, group_.size());
  }

  void sleepers_wake_in_order_of_time() {
    HandClock clock;
    std::vector<int> log;
    group_.spawn("b", nap(clock, std::chrono::seconds(2), log, 2));
    group_.spawn("a", nap(clock, std::chrono::seconds(1), log, 1));
    clock.turn(std::chrono::seconds(3));
    CPPUNIT_ASSERT((log == std::vector<int>{1, 2}));
  }

  void before_gives_nothing_when_the_time_is_up() {
    HandClock clock;
    Event event;
    int alive = 0;
    bool timed_out = false;
    group_.spawn("bounded", bounded(clock, event, alive, timed_out));
    clock.turn(std::chrono::seconds(4));
    CPPUNIT_ASSERT_EQUAL(1, alive);
    clock.turn(std::chrono::seconds(1));
    CPPUNIT_ASSERT(timed_out);
    CPPUNIT_ASSERT_EQUAL(0, alive);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TaskTest);

}  // namespace
}  // namespace fwd
