#ifndef FWD_TESTS_DIRECTORY_RIG_H
#define FWD_TESTS_DIRECTORY_RIG_H

// What the suites of the keepers stand on: a folder, a loop with workers, a
// hand-turned clock, and waiting for one task.

#include <cppunit/TestAssert.h>
#include <sys/resource.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "core/task_group.h"
#include "net/loop.h"
#include "net/workers.h"
#include "tests/unit/sqlcipher/scratch.h"

namespace fwd::testing {

// A disk on which nothing can be written while this lives.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    CPPUNIT_ASSERT(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit none{1, before_.rlim_max};
    CPPUNIT_ASSERT(setrlimit(RLIMIT_FSIZE, &none) == 0);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

class Rig {
 public:
  // Runs `work` to its end and gives what it gave.
  template <typename T>
  T wait(Task<T> work) {
    std::optional<T> result;
    group.spawn("work", keep(std::move(work), result, *this));
    running_ = true;
    if (!result) loop.run();
    running_ = false;
    CPPUNIT_ASSERT(result.has_value());
    return std::move(*result);
  }
  // The value of an Outcome that must be a success.
  template <typename T>
  T get(Task<Outcome<T>> work) {
    Outcome<T> outcome = wait(std::move(work));
    if (!outcome.ok())
      CPPUNIT_FAIL(outcome.failure().public_text + " / " + outcome.failure().private_text);
    return std::move(outcome).value();
  }
  void done(Task<Outcome<void>> work) {
    const Outcome<void> outcome = wait(std::move(work));
    if (!outcome.ok())
      CPPUNIT_FAIL(outcome.failure().public_text + " / " + outcome.failure().private_text);
  }
  template <typename T>
  void refused(Fault fault, Task<Outcome<T>> work) {
    sqlcipher::assert_fault(fault, wait(std::move(work)));
  }

  sqlcipher::Folder folder;
  HandClock clock;
  net::Loop loop;
  net::Workers workers{loop, 1};
  TaskGroup group{[](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); }};

 private:
  bool running_ = false;  // the loop, until the task awaited ends
  template <typename T>
  static Task<void> keep(Task<T> work, std::optional<T>& result, Rig& rig) {
    T value = co_await work;
    result.emplace(std::move(value));
    if (rig.running_) rig.loop.stop();
  }
};

}  // namespace fwd::testing

#endif
