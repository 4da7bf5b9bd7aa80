#ifndef FWD_CORE_ALL_OF_H
#define FWD_CORE_ALL_OF_H

// all_of(tasks): runs tasks side by side until every one has ended, and gives
// what they gave, in their order, none of them empty.  Destroying it cancels
// them all.

#include <coroutine>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/task.h"

namespace fwd {

template <typename T>
Task<std::vector<std::optional<T>>> all_of(std::vector<Task<T>> tasks) {
  struct Count {
    std::size_t left;
    Event none_left;
    // Counts a task as ended, by an exception too.
    struct Leave {
      Count& count;
      ~Leave() {
        if (--count.left == 0) count.none_left.set();
      }
    };
    static Task<void> watch(Task<T>& work, Count& count, std::vector<std::optional<T>>& results,
                            std::size_t place) {
      const Leave leave{count};
      results[place] = co_await work;
    }
  };
  std::vector<std::optional<T>> results(tasks.size());
  Count count{tasks.size(), {}};
  if (tasks.empty()) co_return results;
  std::vector<Task<void>> watches;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    watches.push_back(Count::watch(tasks[i], count, results, i));
  for (Task<void>& watch : watches) watch.start(std::noop_coroutine());
  co_await count.none_left.wait();
  for (Task<void>& watch : watches) watch.take();  // a bug in one is a bug here
  co_return results;
}

}  // namespace fwd

#endif
