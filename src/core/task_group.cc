// Tasks that run by themselves, owned by a group.
#include "core/task_group.h"

#include <exception>
#include <utility>

namespace fwd {

struct TaskGroup::Running {
  std::string name;
  Task<void> work;
  Task<void> runner;
};

TaskGroup::TaskGroup(std::function<void(const std::string&, const std::string&)> on_bug)
    : on_bug_(std::move(on_bug)) {
  empty_.set();
  reaper_ = reaper();
  reaper_.start(std::noop_coroutine());
}

TaskGroup::~TaskGroup() {
  reaper_.reset();
  cancel_all();
}

void TaskGroup::cancel_all() {
  // A task's destructor may spawn or cancel others; so take them one by one.
  while (!running_.empty()) {
    std::list<Running> one;
    one.splice(one.begin(), running_, running_.begin());
  }
  empty_.set();
}

Task<void> TaskGroup::run(TaskGroup& group, std::list<Running>::iterator self) {
  try {
    co_await self->work;
  } catch (const std::exception& bug) {
    group.on_bug_(self->name, bug.what());
  } catch (...) {
    group.on_bug_(self->name, "an exception that is not a std::exception");
  }
  // This coroutine is still running, so the reaper frees it, later.
  group.ended_.splice(group.ended_.end(), group.running_, self);
  if (group.running_.empty()) group.empty_.set();
  group.changed_.set();
}

Task<void> TaskGroup::reaper() {
  for (;;) {
    co_await changed_.wait();
    changed_.clear();
    ended_.clear();
  }
}

void TaskGroup::spawn(std::string name, Task<void> work) {
  empty_.clear();
  running_.push_back(Running{std::move(name), std::move(work), {}});
  const auto self = std::prev(running_.end());
  self->runner = run(*this, self);
  self->runner.start(std::noop_coroutine());
}

Task<void> TaskGroup::wait_empty() { co_await empty_.wait(); }

}  // namespace fwd
