// The loop and its workers: order, wake-ups, cancellation.
#include "net/loop.h"

#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/first_of.h"
#include "net/workers.h"
#include "net_test.h"

namespace fwd::net {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

Task<void> nap(Clock& clock, int milliseconds, std::vector<int>& order) {
  co_await clock.sleep(std::chrono::milliseconds(milliseconds));
  order.push_back(milliseconds);
}

// Two jobs of one key: in order, on one thread.
Task<void> run_in_order(Workers& workers, std::vector<int>& order, int name, Event& done) {
  std::vector<int>* into = &order;
  auto job = [into, name] {
    into->push_back(name);
    return std::this_thread::get_id();
  };
  const auto thread = co_await workers.run(5, job);
  CPPUNIT_ASSERT(thread != std::this_thread::get_id());
  if (name == 19) done.set();  // the last of the key, so all have run
}

Task<void> fail_on_thread(Workers& workers) {
  auto job = []() -> int { throw std::runtime_error("from the thread"); };
  std::string told;
  try {
    co_await workers.run(1, job);
  } catch (const std::runtime_error& bug) {
    told = bug.what();
  }
  CPPUNIT_ASSERT_EQUAL(std::string("from the thread"), told);
}

Task<void> run_job(Workers& workers, std::function<int()> job, int& result) {
  result = co_await workers.run(0, job);
}

class LoopTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LoopTest);
  CPPUNIT_TEST(what_is_made_ready_outside_of_callbacks_runs);
  CPPUNIT_TEST(posted_work_runs_in_order_of_posting);
  CPPUNIT_TEST(sleepers_wake_in_order_and_never_early);
  CPPUNIT_TEST(a_signal_calls_its_handler);
  CPPUNIT_TEST(jobs_of_one_key_keep_their_order);
  CPPUNIT_TEST(an_exception_of_a_job_is_thrown_to_its_awaiter);
  CPPUNIT_TEST(a_cancelled_awaiter_lets_the_job_run_to_its_end);
  CPPUNIT_TEST_SUITE_END();

  LoopRunner runner_;

 public:
  void what_is_made_ready_outside_of_callbacks_runs() {
    Event event;
    runner_.tasks().spawn("set", wait_for(event));
    event.set();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, runner_.tasks().size());
    Event never_set_before_run;
    runner_.loop().post([&] { never_set_before_run.set(); });
    runner_.run(wait_for(never_set_before_run));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, runner_.tasks().size());
  }

  void posted_work_runs_in_order_of_posting() {
    std::vector<int> order;
    Event done;
    std::thread other([&] {
      for (int i = 0; i < 100; ++i) runner_.loop().post([&order, i] { order.push_back(i); });
      runner_.loop().post([&done] { done.set(); });
    });
    runner_.run(wait_for(done));
    other.join();
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, order.size());
    for (int i = 0; i < 100; ++i) CPPUNIT_ASSERT_EQUAL(i, order[static_cast<std::size_t>(i)]);
  }

  void sleepers_wake_in_order_and_never_early() {
    Clock& clock = runner_.loop().clock();
    std::vector<int> order;
    runner_.spawn(nap(clock, 7, order));
    runner_.spawn(nap(clock, 3, order));
    const Instant start = clock.now();
    runner_.run(nap(clock, 12, order));
    CPPUNIT_ASSERT(clock.now() - start >= std::chrono::milliseconds(12));
    CPPUNIT_ASSERT((order == std::vector<int>{3, 7, 12}));
  }

  void a_signal_calls_its_handler() {
    Event caught;
    runner_.loop().on_signal(SIGUSR1, [&] { caught.set(); });
    ::raise(SIGUSR1);
    runner_.run(wait_for(caught));
  }

  void jobs_of_one_key_keep_their_order() {
    Workers workers(runner_.loop(), 3);
    std::vector<int> order;
    Event done;
    for (int i = 0; i < 20; ++i) runner_.spawn(run_in_order(workers, order, i, done));
    runner_.run(wait_for(done));
    for (int i = 0; i < 20; ++i) CPPUNIT_ASSERT_EQUAL(i, order[static_cast<std::size_t>(i)]);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, workers.waiting());
  }

  void an_exception_of_a_job_is_thrown_to_its_awaiter() {
    Workers workers(runner_.loop(), 1);
    runner_.run(fail_on_thread(workers));
  }

  void a_cancelled_awaiter_lets_the_job_run_to_its_end() {
    std::atomic<bool> go{false};
    std::atomic<int> ended{0};
    int cancelled = 0;
    int last = 0;
    {
      Workers workers(runner_.loop(), 1);
      auto work = run_job(
          workers,
          [&] {
            while (!go) std::this_thread::yield();
            return ++ended;
          },
          cancelled);
      work.start(std::noop_coroutine());
      work.reset();
      go = true;
      runner_.run(run_job(
          workers, [&] { return ended + 10; }, last));
    }
    CPPUNIT_ASSERT_EQUAL(1, ended.load());
    CPPUNIT_ASSERT_EQUAL(0, cancelled);
    CPPUNIT_ASSERT_EQUAL(11, last);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoopTest);

}  // namespace
}  // namespace fwd::net
