#ifndef FWD_STORAGE_QUEUE_QUEUE_STORE_H
#define FWD_STORAGE_QUEUE_QUEUE_STORE_H

// The embedded keeper of the queue: QueueFile on a worker thread, what is
// written together committed together, and claims that wait for what comes due.
// Its verbs are those of model::Queue, for the loop's thread.

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/task.h"
#include "core/task_group.h"
#include "net/workers.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {

class QueueStore {
 public:
  // All jobs run on the worker thread that `worker_key` names.  `workers` and
  // `clock` must outlive the store.
  QueueStore(std::shared_ptr<QueueFile> file, net::Workers& workers, Clock& clock,
             std::uint64_t worker_key);
  ~QueueStore();
  QueueStore(const QueueStore&) = delete;
  QueueStore& operator=(const QueueStore&) = delete;

  // Success: durable.  Fails as queue_file.h says.
  Task<Outcome<Accepted>> add(model::NewOutbound message, Owner owner);
  // As QueueFile; success: durable.
  Task<Outcome<model::Forwarded>> forward(Forward what);
  // When all destinations were tried, or `wait` is over.
  Task<Outcome<model::Forwarded>> await_forward(std::string id, std::chrono::milliseconds wait);
  Task<Outcome<void>> settle_forward(std::string id, model::SettleForward how);
  Task<Outcome<bool>> has_credit(std::string key);
  Task<Outcome<std::string>> find_token(std::string token);
  // Nothing when question.wait is over and nothing came due.
  Task<Outcome<std::vector<Claimed>>> claim(model::ClaimQuestion question);
  Task<Outcome<std::string>> read(std::string id, std::uint64_t offset, std::uint64_t most);
  Task<Outcome<void>> report(model::Report report);
  Task<Outcome<bool>> mark_returned(std::string sender, model::Returned returned);
  Task<Outcome<model::WentOn>> find_forwarded(std::string sender, model::CameBack back);
  Task<Outcome<void>> prolong(std::uint64_t lease, std::chrono::seconds by);

  Task<Outcome<std::vector<model::Outbound>>> list(model::QueueFilter filter);
  // To all that match: `limit` and `before` narrow only what is listed.
  Task<Outcome<std::uint64_t>> act(model::QueueFilter filter, model::QueueAction action);
  Task<Outcome<model::QueueStat>> stat();

  // As QueueFile.
  Task<Outcome<std::optional<QueueDay>>> close_day();
  Task<Outcome<std::optional<OldMessage>>> find_old(std::int64_t before);
  // Removes messages that ended before; gives how many.
  Task<Outcome<std::uint64_t>> forget_before(std::int64_t time_ms);
  // Drops the content whose time is over; gives of how many.
  Task<Outcome<std::uint64_t>> redact();
  Task<Outcome<void>> check();

  std::uint64_t commits() const;  // since it was opened

 private:
  class Writer;
  struct News;
  struct Watch;
  std::int64_t now() const { return unix_milliseconds(clock_.wall()); }
  template <typename T, typename Work>
  static Task<Outcome<T>> change(std::shared_ptr<Writer> writer, std::size_t octets, bool is_news,
                                 Work work);
  template <typename T, typename Work>
  static Task<Outcome<T>> look(std::shared_ptr<Writer> writer, Work work);

  std::shared_ptr<Watch> watch(const std::string& id);
  void tell(const std::string& id);

  Clock& clock_;
  // Of forwards somebody waits for, by id.
  std::map<std::string, std::weak_ptr<Watch>> watches_;
  std::shared_ptr<News> news_;
  // What runs there hands its exceptions to those who wait.
  TaskGroup tasks_{[](const std::string&, const std::string&) {}};
  std::shared_ptr<Writer> writer_;
};

}  // namespace fwd::queue

#endif
