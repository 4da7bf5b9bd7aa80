#ifndef FWD_NET_WORKERS_H
#define FWD_NET_WORKERS_H

// Threads for libraries that block (SQLCipher, Argon2id).  A job runs on the
// thread that its key names, jobs of one key in the order they were given, and
// the answer comes back to the loop.
//
//   auto open = [store = store_, id] { return store->open(id); };
//   co_await workers.run(key, std::move(open));
//
// The job must own all it uses: when the awaiting task is destroyed the job
// still runs to its end (so a write that was begun is finished), and its
// answer is dropped.

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/event.h"
#include "core/task.h"
#include "net/loop.h"

namespace fwd::net {

class Workers {
 public:
  // At least one thread.  The loop must outlive the workers.
  Workers(Loop& loop, unsigned threads);
  // Waits until every job has run.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  unsigned threads() const;
  // Jobs given and not yet begun, on all threads.
  std::size_t waiting() const;

  // Runs `job` on thread `key % threads()`.  An exception it throws is thrown
  // here.  May be called from the loop's thread only.
  template <typename Job>
  Task<std::invoke_result_t<Job>> run(std::uint64_t key, Job job) {
    using Result = std::invoke_result_t<Job>;
    static_assert(!std::is_void_v<Result>, "a job gives something, an Outcome<void> at least");
    struct Shared {
      std::optional<Result> result;
      std::exception_ptr bug;
      Event done;
    };
    auto shared = std::make_shared<Shared>();
    push(key, [job = std::move(job), shared]() mutable -> std::function<void()> {
      try {
        shared->result.emplace(job());
      } catch (...) {
        shared->bug = std::current_exception();
      }
      return [shared] { shared->done.set(); };
    });
    co_await shared->done.wait();
    if (shared->bug) std::rethrow_exception(shared->bug);
    co_return std::move(*shared->result);
  }

 private:
  // Runs `job` on the thread of `key`, then what it returned on the loop.
  void push(std::uint64_t key, std::function<std::function<void()>()> job);
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::net

#endif
