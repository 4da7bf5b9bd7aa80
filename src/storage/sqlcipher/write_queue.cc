// Writes to one database that wait together commit together.
#include "storage/sqlcipher/write_queue.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fwd::sqlcipher {
namespace {

constexpr std::size_t kBatchWrites = 256;
constexpr std::size_t kBatchOctets = 16 << 20;  // a longer write makes a batch of its own

// Faults after which nothing more can be written in this transaction.
bool ends_batch(const Outcome<void>& done) {
  return !done.ok() &&
         (done.failure().fault == Fault::kUnavailable || done.failure().fault == Fault::kCorrupt);
}

}  // namespace

struct WriteQueue::Write {
  Work work;  // the worker's, once taken
  std::size_t octets = 0;
  // The loop's:
  std::optional<Outcome<void>> outcome;
  std::exception_ptr bug;
  Event told;
};

struct WriteQueue::Batch {
  std::vector<std::shared_ptr<Write>> writes;
  std::vector<Outcome<void>> outcomes;
  std::exception_ptr bug;
  std::function<void()> after;
  bool more = false;
  bool is_torn = false;  // a write failed in the midst of its changes
};

WriteQueue::WriteQueue(net::Workers& workers, TaskGroup& tasks, std::uint64_t key)
    : workers_(workers), tasks_(tasks), key_(key) {}

Task<Outcome<void>> WriteQueue::write(std::shared_ptr<WriteQueue> queue, std::size_t octets,
                                      Work work) {
  if (queue->closed_) co_return Failure{Fault::kClosed, "", "the store has closed"};
  auto write = std::make_shared<Write>();
  write->work = std::move(work);
  write->octets = octets;
  queue->untold_.push_back(write);
  bool begin = false;
  {
    const std::lock_guard guard(queue->lock_);
    queue->waiting_.push_back(write);
    begin = !std::exchange(queue->flushing_, true);
  }
  if (begin) queue->tasks_.spawn("write", flush(queue));
  co_await write->told.wait();
  if (write->bug) std::rethrow_exception(write->bug);
  co_return std::move(*write->outcome);
}

void WriteQueue::close() {
  closed_ = true;
  for (const auto& write : std::exchange(untold_, {})) {
    write->outcome = Failure{Fault::kClosed, "", "the store has closed"};
    write->told.set();
  }
}

Task<void> WriteQueue::flush(std::shared_ptr<WriteQueue> queue) {
  bool more = true;
  while (more) {
    auto job = [queue] { return queue->run_batch(); };
    auto running = queue->workers_.run(queue->key_, std::move(job));
    Batch batch = co_await std::move(running);
    more = batch.more;
    queue->tell(batch);
  }
}

std::vector<std::shared_ptr<WriteQueue::Write>> WriteQueue::take_batch(bool& more) {
  const std::lock_guard guard(lock_);
  std::size_t count = 0, octets = 0;
  while (count < waiting_.size() && count < kBatchWrites) {
    octets += waiting_[count]->octets;
    if (count > 0 && octets > kBatchOctets) break;
    ++count;
  }
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<std::shared_ptr<Write>> taken(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  more = flushing_ = !waiting_.empty();
  return taken;
}

// What failed before it changed anything needs no undoing.
Outcome<void> WriteQueue::run_plainly(Batch& batch, Database& into) {
  for (const auto& write : batch.writes) {
    const std::int64_t before = into.total_changes();
    Outcome<void> done = write->work();
    batch.outcomes.push_back(done);
    if (ends_batch(done)) return done;
    if (done.ok() || into.total_changes() == before) continue;
    batch.is_torn = batch.writes.size() > 1;
    return done;
  }
  return {};
}

Outcome<void> WriteQueue::run_apart(Batch& batch, Database& into) {
  for (const auto& write : batch.writes) {
    Outcome<void> done = into.savepoint(write->work);
    batch.outcomes.push_back(done);
    if (ends_batch(done)) return done;
  }
  return {};
}

void WriteQueue::run_writes(Batch& batch) {
  auto database = this->database();
  if (!database.ok()) {
    batch.outcomes.assign(batch.writes.size(), database.failure());
    return;
  }
  Database& into = *database.value();
  const auto plainly = [&] { return run_plainly(batch, into); };
  const auto apart = [&] { return run_apart(batch, into); };
  const bool is_plain = batch.writes.size() == 1 || may_repeat();
  Outcome<void> committed = is_plain ? into.transaction(plainly) : into.transaction(apart);
  if (batch.is_torn) {
    batch.outcomes.clear();
    committed = into.transaction(apart);
  }
  if (!committed.ok()) batch.outcomes.assign(batch.writes.size(), committed);
  if (committed.ok()) commits_.fetch_add(1, std::memory_order_relaxed);
  batch.after = batch_ended(committed.ok());
}

WriteQueue::Batch WriteQueue::run_batch() {
  Batch batch;
  batch.writes = take_batch(batch.more);
  try {
    run_writes(batch);
  } catch (...) {
    batch.bug = std::current_exception();
    batch.after = batch_ended(false);
  }
  for (const auto& write : batch.writes) write->work = nullptr;  // frees what it owned, here
  return batch;
}

void WriteQueue::tell(Batch& batch) {
  for (std::size_t i = 0; i < batch.writes.size(); ++i) {
    Write& write = *batch.writes[i];
    if (write.outcome) continue;  // told by close()
    if (batch.bug) {
      write.bug = batch.bug;
      write.outcome = Failure{Fault::kBug, "", "a write ended by an exception"};
    } else {
      write.outcome = batch.outcomes[i];
    }
    write.told.set();
  }
  std::erase_if(untold_, [](const auto& write) { return write->outcome.has_value(); });
  if (batch.after) batch.after();
}

}  // namespace fwd::sqlcipher
