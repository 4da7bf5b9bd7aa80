#ifndef FWD_DOOR_RUN_TO_END_H
#define FWD_DOOR_RUN_TO_END_H

// For changes of several steps: once begun they are finished, even when the
// caller hangs up between two of them.

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "core/task_group.h"

namespace fwd::door {

template <typename T>
struct RunToEnd {
  std::optional<Outcome<T>> outcome;
  std::exception_ptr bug;
  Event done;

  static Task<void> carry(Task<Outcome<T>> work, std::shared_ptr<RunToEnd> told) {
    try {
      told->outcome.emplace(co_await work);
    } catch (...) {
      told->bug = std::current_exception();
    }
    told->done.set();
  }
};

// Runs `work` in `tasks`, which must outlive what it uses, and waits for it.
template <typename T>
Task<Outcome<T>> run_to_end(TaskGroup& tasks, std::string name, Task<Outcome<T>> work) {
  auto told = std::make_shared<RunToEnd<T>>();
  tasks.spawn(std::move(name), RunToEnd<T>::carry(std::move(work), told));
  co_await told->done.wait();
  if (told->bug) std::rethrow_exception(told->bug);
  co_return std::move(*told->outcome);
}

}  // namespace fwd::door

#endif
