#ifndef FWD_TESTS_UNIT_MAILAUTH_FINISH_H
#define FWD_TESTS_UNIT_MAILAUTH_FINISH_H

// Runs a task that waits for nothing outside to its end.

#include <cppunit/extensions/HelperMacros.h>

#include <coroutine>

#include "core/ready.h"
#include "core/task.h"

namespace fwd::test {

template <typename T>
T finish(Task<T> work) {
  if (!work.start(std::noop_coroutine())) run_ready();
  CPPUNIT_ASSERT_MESSAGE("the task still waits", work.done());
  return work.take();
}

}  // namespace fwd::test

#endif
