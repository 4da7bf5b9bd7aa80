// Threads for libraries that block.
#include "net/workers.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace fwd::net {
namespace {

using Job = std::function<std::function<void()>()>;

// One thread and its queue.
class Worker {
 public:
  Worker(Loop& loop, std::atomic<std::size_t>& waiting)
      : loop_(loop), waiting_(waiting), thread_([this] { work(); }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    {
      const std::lock_guard guard(lock_);
      ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void push(Job job) {
    {
      const std::lock_guard guard(lock_);
      jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock guard(lock_);
      changed_.wait(guard, [this] { return ending_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      guard.unlock();
      waiting_.fetch_sub(1, std::memory_order_relaxed);
      std::function<void()> after = job();
      job = nullptr;  // what the job owned is freed here, before its awaiter goes on
      loop_.post(std::move(after));
    }
  }

  Loop& loop_;
  std::atomic<std::size_t>& waiting_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;  // under lock_
  bool ending_ = false;   // under lock_
  std::thread thread_;
};

}  // namespace

struct Workers::Inside {
  std::atomic<std::size_t> waiting{0};
  std::vector<std::unique_ptr<Worker>> workers;
};

Workers::Workers(Loop& loop, unsigned threads) : inside_(std::make_unique<Inside>()) {
  // Signals belong to the loop's thread; a new thread takes on this mask.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (unsigned i = 0; i < std::max(1U, threads); ++i)
    inside_->workers.push_back(std::make_unique<Worker>(loop, inside_->waiting));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Workers::~Workers() = default;

unsigned Workers::threads() const { return static_cast<unsigned>(inside_->workers.size()); }

std::size_t Workers::waiting() const { return inside_->waiting.load(std::memory_order_relaxed); }

void Workers::push(std::uint64_t key, Job job) {
  inside_->waiting.fetch_add(1, std::memory_order_relaxed);
  inside_->workers[key % inside_->workers.size()]->push(std::move(job));
}

}  // namespace fwd::net
