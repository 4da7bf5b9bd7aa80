#ifndef FWD_CORE_TASK_GROUP_H
#define FWD_CORE_TASK_GROUP_H

// The one place where a task runs without somebody awaiting it.  A group owns
// what it runs: destroying the group cancels them all.  It must not be
// destroyed from inside one of its own tasks.

#include <cstddef>
#include <functional>
#include <list>
#include <string>

#include "core/event.h"
#include "core/task.h"

namespace fwd {

class TaskGroup {
 public:
  // `on_bug` is told the name of a task that ended by an exception and the
  // exception's text.  The group, and the daemon, live on.
  explicit TaskGroup(std::function<void(const std::string& name, const std::string& what)> on_bug);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();

  // Starts `work` at once and keeps it until it ends.
  void spawn(std::string name, Task<void> work);
  std::size_t size() const { return running_.size(); }
  // Returns once no task is left.
  Task<void> wait_empty();
  // Destroys every task.
  void cancel_all();

 private:
  struct Running;
  Task<void> reaper();
  static Task<void> run(TaskGroup& group, std::list<Running>::iterator self);

  std::function<void(const std::string&, const std::string&)> on_bug_;
  std::list<Running> running_;
  std::list<Running> ended_;
  Event changed_;
  Event empty_;
  Task<void> reaper_;
};

}  // namespace fwd

#endif
