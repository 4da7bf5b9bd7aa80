// The queue's file on a worker thread.
#include "storage/queue/queue_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/event.h"
#include "core/first_of.h"
#include "storage/sqlcipher/write_queue.h"

namespace fwd::queue {
namespace {

constexpr std::chrono::milliseconds kMostWait = std::chrono::minutes(10);
constexpr std::chrono::milliseconds kLookAgain = std::chrono::seconds(1);
constexpr std::uint32_t kSlice = 200;  // messages of one commit, so that others get their turns

Task<void> wait_for(Event& event) { co_await event.wait(); }

// An Outcome<void> as one that holds something.
Outcome<bool> as_value(const Outcome<void>& done) {
  if (!done.ok()) return done.failure();
  return true;
}

Outcome<void> without_value(const Outcome<bool>& done) {
  if (!done.ok()) return done.failure();
  return {};
}

}  // namespace

// That something may have become due; the loop's.
struct QueueStore::News {
  std::uint64_t count = 0;
  Event event;
};

// That a forward has got an answer; the loop's.
struct QueueStore::Watch {
  std::uint64_t count = 0;
  Event event;
};

class QueueStore::Writer final : public sqlcipher::WriteQueue {
 public:
  Writer(net::Workers& workers, TaskGroup& tasks, std::uint64_t key,
         std::shared_ptr<QueueFile> file, std::shared_ptr<News> news)
      : WriteQueue(workers, tasks, key), file_(std::move(file)), news_(std::move(news)) {}

  using WriteQueue::key;
  using WriteQueue::workers;
  // On the worker.
  QueueFile& file() { return *file_; }
  void note_news() { has_news_ = true; }

 protected:
  Outcome<sqlcipher::Database*> database() override { return &file_->database(); }
  bool may_repeat() const override { return true; }
  std::function<void()> batch_ended(bool committed) override {
    if (!std::exchange(has_news_, false) || !committed) return {};
    return [news = news_] {
      ++news->count;
      news->event.pulse();
    };
  }

 private:
  std::shared_ptr<QueueFile> file_;
  std::shared_ptr<News> news_;
  bool has_news_ = false;  // the worker's: of the batch being written
};

// Runs `work(QueueFile&)`, which gives an Outcome<T>, as a change; once more
// when it was undone because of another, so it must keep what it holds.
template <typename T, typename Work>
Task<Outcome<T>> QueueStore::change(std::shared_ptr<Writer> writer, std::size_t octets,
                                    bool is_news, Work work) {
  auto result = std::make_shared<std::optional<T>>();
  auto job = [writer, result, is_news, work = std::move(work)]() -> Outcome<void> {
    Outcome<T> done = work(writer->file());
    if (!done.ok()) return done.failure();
    if (is_news) writer->note_news();
    result->emplace(std::move(done).value());
    return {};
  };
  auto writing = Writer::write(writer, octets, std::move(job));
  const Outcome<void> written = co_await std::move(writing);
  if (!written.ok()) co_return written.failure();
  co_return std::move(**result);
}

// The same between two commits, changing nothing.
template <typename T, typename Work>
Task<Outcome<T>> QueueStore::look(std::shared_ptr<Writer> writer, Work work) {
  auto job = [writer, work = std::move(work)]() mutable -> Outcome<T> {
    return work(writer->file());
  };
  auto running = writer->workers().run(writer->key(), std::move(job));
  co_return co_await std::move(running);
}

QueueStore::QueueStore(std::shared_ptr<QueueFile> file, net::Workers& workers, Clock& clock,
                       std::uint64_t worker_key)
    : clock_(clock),
      news_(std::make_shared<News>()),
      writer_(std::make_shared<Writer>(workers, tasks_, worker_key, std::move(file), news_)) {}

QueueStore::~QueueStore() { writer_->close(); }

Task<Outcome<Accepted>> QueueStore::add(model::NewOutbound message, Owner owner) {
  const std::size_t octets = message.content.size();
  auto work = [message = std::move(message), owner = std::move(owner),
               now = now()](QueueFile& file) { return file.add(message, owner, now); };
  auto adding = change<Accepted>(writer_, octets, true, std::move(work));
  co_return co_await std::move(adding);
}

Task<Outcome<std::vector<Claimed>>> QueueStore::claim(model::ClaimQuestion question) {
  const auto news = news_;
  const Instant deadline =
      clock_.now() + std::clamp(question.wait, std::chrono::milliseconds(0), kMostWait);
  for (;;) {
    const std::uint64_t seen = news->count;
    auto work = [question, now = now()](QueueFile& file) { return file.claim(question, now); };
    auto claiming = change<Claims>(writer_, 0, false, std::move(work));
    auto claims = co_await std::move(claiming);
    if (!claims.ok()) co_return claims.failure();
    question.begins = question.has_lost = false;  // what it claims from now on it is given
    if (!claims.value().claims.empty()) co_return std::move(claims.value().claims);
    if (clock_.now() >= deadline) co_return std::vector<Claimed>();
    if (news->count != seen) continue;
    Instant until = deadline;
    if (claims.value().next != INT64_MAX) {
      const std::int64_t span =
          std::clamp<std::int64_t>(claims.value().next - now(), 1, kMostWait.count());
      until = std::min(until, clock_.now() + std::chrono::milliseconds(span));
    }
    auto told = wait_for(news->event);
    auto pause = clock_.sleep_until(until);
    auto either = first_of(std::move(told), std::move(pause));
    co_await either;
  }
}

// Told of by tell(); who waits also looks again by himself, as other messages' reports and
// pauses of destinations may be what it waits for.
std::shared_ptr<QueueStore::Watch> QueueStore::watch(const std::string& id) {
  std::erase_if(watches_, [](const auto& one) { return one.second.expired(); });
  std::weak_ptr<Watch>& place = watches_[id];
  std::shared_ptr<Watch> watch = place.lock();
  if (!watch) place = watch = std::make_shared<Watch>();
  return watch;
}

void QueueStore::tell(const std::string& id) {
  const auto at = watches_.find(id);
  if (at == watches_.end()) return;
  const auto watch = at->second.lock();
  if (!watch) return;
  ++watch->count;
  watch->event.pulse();
}

Task<Outcome<model::Forwarded>> QueueStore::forward(Forward what) {
  const std::size_t octets = what.forward.message.content.size();
  auto work = [what = std::move(what), now = now()](QueueFile& file) {
    return file.add_forward(what, now);
  };
  auto adding = change<ForwardState>(writer_, octets, true, std::move(work));
  auto state = co_await std::move(adding);
  if (!state.ok()) co_return state.failure();
  co_return std::move(state.value().forwarded);
}

Task<Outcome<model::Forwarded>> QueueStore::await_forward(std::string id,
                                                          std::chrono::milliseconds wait) {
  const Instant deadline = clock_.now() + std::clamp(wait, std::chrono::milliseconds(0), kMostWait);
  const std::shared_ptr<Watch> watched = watch(id);
  for (;;) {
    const std::uint64_t seen = watched->count;
    auto work = [id, now = now()](QueueFile& file) { return file.look_at_forward(id, now); };
    auto looking = look<ForwardState>(writer_, std::move(work));
    auto state = co_await std::move(looking);
    if (!state.ok()) co_return state.failure();
    if (state.value().is_tried || clock_.now() >= deadline)
      co_return std::move(state.value().forwarded);
    if (watched->count != seen) continue;
    auto told = wait_for(watched->event);
    auto pause = clock_.sleep_until(std::min(deadline, clock_.now() + kLookAgain));
    auto either = first_of(std::move(told), std::move(pause));
    co_await either;
  }
}

Task<Outcome<void>> QueueStore::settle_forward(std::string id, model::SettleForward how) {
  auto work = [id = std::move(id), how, now = now()](QueueFile& file) {
    return as_value(file.settle_forward(id, how, now));
  };
  auto settling = change<bool>(writer_, 0, true, std::move(work));
  const auto settled = co_await std::move(settling);
  co_return without_value(settled);
}

Task<Outcome<bool>> QueueStore::has_credit(std::string key) {
  auto work = [key = std::move(key), now = now()](QueueFile& file) {
    return file.has_credit(key, now);
  };
  auto looking = look<bool>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<std::string>> QueueStore::find_token(std::string token) {
  auto work = [token = std::move(token), now = now()](QueueFile& file) {
    return file.find_token(token, now);
  };
  auto looking = look<std::string>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<std::string>> QueueStore::read(std::string id, std::uint64_t offset,
                                            std::uint64_t most) {
  auto work = [id = std::move(id), offset, most](QueueFile& file) {
    return file.read(id, offset, most);
  };
  auto looking = look<std::string>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<void>> QueueStore::report(model::Report report) {
  std::size_t octets = 0;
  for (const model::NewOutbound& notice : report.notices) octets += notice.content.size();
  const std::string id = report.message_id;
  auto work = [report = std::move(report), now = now()](QueueFile& file) {
    return as_value(file.report(report, now));
  };
  auto reporting = change<bool>(writer_, octets, true, std::move(work));
  const auto reported = co_await std::move(reporting);
  tell(id);
  co_return without_value(reported);
}

Task<Outcome<bool>> QueueStore::mark_returned(std::string sender, model::Returned returned) {
  auto work = [sender = std::move(sender), returned = std::move(returned),
               now = now()](QueueFile& file) { return file.mark_returned(sender, returned, now); };
  auto marking = change<bool>(writer_, 0, false, std::move(work));
  co_return co_await std::move(marking);
}

Task<Outcome<model::WentOn>> QueueStore::find_forwarded(std::string sender, model::CameBack back) {
  auto work = [sender = std::move(sender), back = std::move(back), now = now()](QueueFile& file) {
    return file.find_forwarded(sender, back, now);
  };
  auto looking = look<model::WentOn>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<void>> QueueStore::prolong(std::uint64_t lease, std::chrono::seconds by) {
  auto work = [lease, by, now = now()](QueueFile& file) {
    return as_value(file.prolong(lease, by, now));
  };
  auto prolonging = change<bool>(writer_, 0, false, std::move(work));
  const auto prolonged = co_await std::move(prolonging);
  co_return without_value(prolonged);
}

Task<Outcome<std::vector<model::Outbound>>> QueueStore::list(model::QueueFilter filter) {
  auto work = [filter = std::move(filter), now = now()](QueueFile& file) {
    return file.list(filter, now);
  };
  auto looking = look<std::vector<model::Outbound>>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<std::uint64_t>> QueueStore::act(model::QueueFilter filter, model::QueueAction action) {
  filter.before.clear();
  std::uint64_t count = 0;
  auto after = std::make_shared<std::int64_t>(0);
  for (;;) {
    auto work = [filter, action, after, now = now()](QueueFile& file) {
      return file.act(filter, action, *after, kSlice, now);
    };
    auto acting = change<QueueFile::Acted>(writer_, 0, true, std::move(work));
    const auto acted = co_await std::move(acting);
    if (!acted.ok()) co_return acted.failure();
    count += acted.value().count;
    if (!acted.value().more) co_return count;
  }
}

Task<Outcome<model::QueueStat>> QueueStore::stat() {
  auto work = [now = now()](QueueFile& file) { return file.stat(now); };
  auto looking = look<model::QueueStat>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<std::optional<QueueDay>>> QueueStore::close_day() {
  auto work = [now = now()](QueueFile& file) { return file.close_day(now); };
  auto closing = change<std::optional<QueueDay>>(writer_, 0, false, std::move(work));
  co_return co_await std::move(closing);
}

Task<Outcome<std::optional<OldMessage>>> QueueStore::find_old(std::int64_t before) {
  auto work = [before](QueueFile& file) { return file.find_old(before); };
  auto looking = look<std::optional<OldMessage>>(writer_, std::move(work));
  co_return co_await std::move(looking);
}

Task<Outcome<std::uint64_t>> QueueStore::forget_before(std::int64_t time_ms) {
  std::uint64_t count = 0;
  for (;;) {
    auto work = [time_ms](QueueFile& file) { return file.forget_some(time_ms, kSlice); };
    auto forgetting = change<std::uint64_t>(writer_, 0, false, std::move(work));
    const auto some = co_await std::move(forgetting);
    if (!some.ok()) co_return some.failure();
    count += some.value();
    if (some.value() < kSlice) co_return count;
  }
}

Task<Outcome<std::uint64_t>> QueueStore::redact() {
  std::uint64_t count = 0;
  for (;;) {
    auto work = [now = now()](QueueFile& file) { return file.redact_some(now, kSlice); };
    auto redacting = change<std::uint64_t>(writer_, 0, false, std::move(work));
    const auto some = co_await std::move(redacting);
    if (!some.ok()) co_return some.failure();
    count += some.value();
    if (some.value() < kSlice) co_return count;
  }
}

Task<Outcome<void>> QueueStore::check() {
  auto work = [](QueueFile& file) { return as_value(file.check()); };
  auto looking = look<bool>(writer_, std::move(work));
  const auto checked = co_await std::move(looking);
  co_return without_value(checked);
}

std::uint64_t QueueStore::commits() const { return writer_->commits(); }

}  // namespace fwd::queue
