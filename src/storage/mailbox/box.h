#ifndef FWD_STORAGE_MAILBOX_BOX_H
#define FWD_STORAGE_MAILBOX_BOX_H

// One mailbox in use: its key, its file when that is open, and the sessions
// that look at it.

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "crypto/secret.h"
#include "storage/mailbox/mailbox_file.h"
#include "storage/sqlcipher/write_queue.h"

namespace fwd::mailbox {

class Box;
struct Session;

// Which files are open, the latest used first, within a budget.  A file that is
// closed here is opened again when its box is used.
class Shelf {
 public:
  Shelf(net::Workers& workers, TaskGroup& tasks, std::size_t budget);
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  // `box` is about to be used.
  void touch(const std::shared_ptr<Box>& box);
  // `box` will be used no more: closes its file once its jobs are done.
  void put_away(const std::shared_ptr<Box>& box);
  // A write that waited was done after `box` was put away, and opened its file.
  void close_unused(const std::shared_ptr<Box>& box);

 private:
  void close_file(std::shared_ptr<Box> box);
  net::Workers& workers_;
  TaskGroup& tasks_;
  const std::size_t budget_;
  std::list<std::shared_ptr<Box>> open_;
};

struct BoxOptions {
  std::string path;
  int cache_pages = 256;
  Limits limits;
};

class Box final : public sqlcipher::WriteQueue {
 public:
  // `open_files` counts files that are open, over all boxes.
  Box(net::Workers& workers, TaskGroup& tasks, Shelf& shelf, std::string alias_id,
      crypto::SecretKey key, BoxOptions options,
      std::shared_ptr<std::atomic<std::size_t>> open_files);
  ~Box() override;

  // --- on the worker -------------------------------------------------------
  // Opens the file when it is not open.  A file that is missing is kCorrupt:
  // it was there when its credential was made.
  Outcome<MailboxFile*> file();
  void close_file();

  // --- on the loop ---------------------------------------------------------
  const std::string& alias_id() const { return alias_id_; }
  const crypto::SecretKey& secret() const { return key_; }
  // A page did not authenticate, or the file was not there.
  bool is_damaged() const { return damaged_.load(); }

  // Octets of mail after the last commit; nothing before the file was opened.
  std::optional<std::uint64_t> used() const {
    const std::int64_t octets = used_.load(std::memory_order_relaxed);
    return octets < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(octets));
  }

  // Runs `work(MailboxFile&)`, which gives an Outcome<T>, between two commits.
  template <typename T, typename Work>
  static Task<Outcome<T>> read(std::shared_ptr<Box> box, Work work) {
    box->shelf_.touch(box);
    auto job = [box, work = std::move(work)]() mutable -> Outcome<T> {
      auto file = box->file();
      if (!file.ok()) return file.failure();
      Outcome<T> done = work(*file.value());
      box->look_for_damage();
      return done;
    };
    auto running = box->workers().run(box->key(), std::move(job));
    co_return co_await std::move(running);
  }

  // The same as a change: success means that it is committed.
  template <typename T, typename Work>
  static Task<Outcome<T>> change(std::shared_ptr<Box> box, std::size_t octets, Work work) {
    box->shelf_.touch(box);
    auto result = std::make_shared<std::optional<Outcome<T>>>();
    auto job = [box, result, work = std::move(work)]() mutable -> Outcome<void> {
      result->emplace(work(*box->file_));
      if (!(*result)->ok()) return (*result)->failure();
      return {};
    };
    auto writing = write(box, octets, std::move(job));
    Outcome<void> written = co_await std::move(writing);
    if (!written.ok()) co_return written.failure();
    co_return std::move(**result);
  }

  std::vector<Session*> sessions;  // live ones; each takes itself out
  std::uint64_t quota = 0;         // octets; 0: no limit
  bool opening = true;             // until the file was opened for the first time
  Event opened;                    // or found wanting

 protected:
  Outcome<sqlcipher::Database*> database() override;
  std::function<void()> batch_ended(bool committed) override;

 private:
  friend class Shelf;
  void look_for_damage();
  void look_at_used();

  Shelf& shelf_;
  const std::string alias_id_;
  const crypto::SecretKey key_;
  const BoxOptions options_;
  std::atomic<bool> damaged_{false};
  std::atomic<std::int64_t> used_{-1};
  std::unique_ptr<MailboxFile> file_;  // the worker's
  std::shared_ptr<std::atomic<std::size_t>> open_files_;

  // The shelf's:
  bool on_shelf_ = false;
  std::list<std::shared_ptr<Box>>::iterator place_;
};

}  // namespace fwd::mailbox

#endif
