#ifndef FWD_STORAGE_SQLCIPHER_WRITE_QUEUE_H
#define FWD_STORAGE_SQLCIPHER_WRITE_QUEUE_H

// Group commit: writes to one database that wait together commit together.
// Each is undone by itself when it fails, and told only after the commit that
// made it durable.  While one batch is being written the next one gathers.
//
// To be undone by itself a write needs a savepoint, and for that SQLite copies,
// and encrypts, every page that it touches.  Where works may be run twice a
// batch goes without; when one fails after it has changed something, all is
// undone and run anew with savepoints.
//
// A write that was taken in is finished even if the one who asked for it goes
// away.  Members are for the loop's thread but where they say otherwise.

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"
#include "core/task.h"
#include "core/task_group.h"
#include "net/workers.h"
#include "storage/sqlcipher/database.h"

namespace fwd::sqlcipher {

class WriteQueue : public std::enable_shared_from_this<WriteQueue> {
 public:
  // Runs on the worker; must own what it uses.
  using Work = std::function<Outcome<void>()>;

  // `tasks` and `workers` must live until close().  `key` names the worker.
  WriteQueue(net::Workers& workers, TaskGroup& tasks, std::uint64_t key);
  virtual ~WriteQueue() = default;
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // `octets`: about how much it writes, for the bound of a batch.
  static Task<Outcome<void>> write(std::shared_ptr<WriteQueue> queue, std::size_t octets,
                                   Work work);
  // Takes no more; those still waiting are told kClosed, though they may be
  // written yet.
  void close();

  // Commits so far.  Any thread.
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }

 protected:
  // On the worker: the database to write to.
  virtual Outcome<Database*> database() = 0;
  // Whether a work may be run once more after what it wrote was undone.
  virtual bool may_repeat() const { return false; }
  // On the worker, after each batch; what it returns runs on the loop once all
  // writers of the batch were told.
  virtual std::function<void()> batch_ended(bool committed) = 0;

  net::Workers& workers() { return workers_; }
  std::uint64_t key() const { return key_; }

 private:
  struct Write;
  struct Batch;
  static Task<void> flush(std::shared_ptr<WriteQueue> queue);
  std::vector<std::shared_ptr<Write>> take_batch(bool& more);
  Batch run_batch();
  void run_writes(Batch& batch);
  Outcome<void> run_plainly(Batch& batch, Database& into);
  static Outcome<void> run_apart(Batch& batch, Database& into);
  void tell(Batch& batch);

  net::Workers& workers_;
  TaskGroup& tasks_;
  const std::uint64_t key_;
  bool closed_ = false;
  std::vector<std::shared_ptr<Write>> untold_;  // taken in, and not told yet
  std::atomic<std::uint64_t> commits_{0};

  std::mutex lock_;
  std::vector<std::shared_ptr<Write>> waiting_;  // under lock_
  bool flushing_ = false;                        // under lock_: a flush will look at waiting_
};

}  // namespace fwd::sqlcipher

#endif
