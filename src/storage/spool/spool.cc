// The inbound spool over its shards.
#include "storage/spool/spool.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/task_group.h"
#include "crypto/digest.h"
#include "storage/spool/shard_file.h"
#include "storage/sqlcipher/write_queue.h"

namespace fwd::spool {
namespace {

// One shard in use.
class Shard final : public sqlcipher::WriteQueue {
 public:
  Shard(net::Workers& workers, TaskGroup& tasks, unsigned number)
      : WriteQueue(workers, tasks, number) {}

  // On the worker.
  Outcome<ShardFile*> file() {
    if (file_) return file_.get();
    return Failure{Fault::kUnavailable, "", "the spool was not started"};
  }
  void set_file(std::unique_ptr<ShardFile> file) { file_ = std::move(file); }

  // Runs `work(ShardFile&)`, which gives an Outcome<T>, between two commits.
  template <typename T, typename Work>
  static Task<Outcome<T>> read(std::shared_ptr<Shard> shard, Work work) {
    auto job = [shard, work = std::move(work)]() mutable -> Outcome<T> {
      auto file = shard->file();
      if (!file.ok()) return file.failure();
      return work(*file.value());
    };
    auto running = shard->workers().run(shard->key(), std::move(job));
    co_return co_await std::move(running);
  }
  // The same as a change.
  template <typename Work>
  static Task<Outcome<void>> change(std::shared_ptr<Shard> shard, std::size_t octets, Work work) {
    auto job = [shard, work = std::move(work)] { return work(*shard->file_); };
    auto writing = write(shard, octets, std::move(job));
    co_return co_await std::move(writing);
  }

 protected:
  Outcome<sqlcipher::Database*> database() override {
    auto into = file();
    if (!into.ok()) return into.failure();
    return &into.value()->database();
  }
  std::function<void()> batch_ended(bool) override { return {}; }

 private:
  std::unique_ptr<ShardFile> file_;  // the worker's
};

using ShardPtr = std::shared_ptr<Shard>;

Task<void> close_shard(net::Workers& workers, unsigned number, ShardPtr shard) {
  auto job = [shard = std::move(shard)] {
    shard->set_file(nullptr);
    return true;
  };
  auto running = workers.run(number, std::move(job));
  co_await std::move(running);
}

Outcome<void> make_folder(const std::string& folder) {
  for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    const std::string part = folder.substr(0, slash);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST && errno != EROFS)
      return Failure{Fault::kUnavailable, "", "cannot make the folder " + part};
    if (slash == std::string::npos) return {};
  }
}

}  // namespace

struct Spool::Inside {
  Inside(net::Workers& threads, Clock& time, crypto::SecretKey secret, SpoolOptions wanted)
      : workers(threads),
        clock(time),
        key(std::make_shared<crypto::SecretKey>(std::move(secret))),
        options(std::move(wanted)) {}

  std::size_t shard_of(std::string_view alias_id) const;
  Task<Outcome<unsigned>> open_shard(unsigned number);

  net::Workers& workers;
  Clock& clock;
  const std::shared_ptr<crypto::SecretKey> key;
  const SpoolOptions options;
  // What runs there catches its own exceptions and hands them to those who wait.
  TaskGroup tasks{[](const std::string&, const std::string&) {}};
  std::vector<ShardPtr> shards;
};

std::size_t Spool::Inside::shard_of(std::string_view alias_id) const {
  const std::string digest = crypto::blake2b(16, alias_id);
  return static_cast<unsigned char>(digest[0]) % shards.size();
}

// Gives how many shards the file says there are.
Task<Outcome<unsigned>> Spool::Inside::open_shard(unsigned number) {
  auto shard = std::make_shared<Shard>(workers, tasks, number);
  shards.push_back(shard);
  auto job = [shard, number, secret = key, wanted = options,
              now = unix_seconds(clock.wall())]() -> Outcome<unsigned> {
    if (auto done = make_folder(wanted.folder); !done.ok()) return done.failure();
    const std::string path = wanted.folder + '/' + std::to_string(number) + ".sqlite";
    auto opened = ShardFile::open(path, *secret, number, wanted, now);
    if (!opened.ok()) return opened.failure();
    const unsigned count = opened.value()->shards();
    shard->set_file(std::move(opened).value());
    return count;
  };
  auto running = workers.run(number, std::move(job));
  co_return co_await std::move(running);
}

Spool::Spool(net::Workers& workers, Clock& clock, crypto::SecretKey key, SpoolOptions options)
    : inside_(std::make_unique<Inside>(workers, clock, std::move(key), std::move(options))) {}

Spool::~Spool() {
  for (std::size_t i = 0; i < inside_->shards.size(); ++i) {
    const ShardPtr& shard = inside_->shards[i];
    shard->close();
    inside_->tasks.spawn("close", close_shard(inside_->workers, static_cast<unsigned>(i), shard));
  }
}

Task<Outcome<void>> Spool::start() {
  unsigned count = 1;  // until the first shard has said
  for (unsigned number = 0; number < count; ++number) {
    auto opening = inside_->open_shard(number);
    auto opened = co_await std::move(opening);
    if (!opened.ok()) co_return opened.failure();
    if (number == 0) count = std::clamp(opened.value(), 1U, 256U);
  }
  co_return Outcome<void>();
}

Task<Outcome<void>> Spool::append(std::vector<SpoolEntry> entries) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  std::vector<std::vector<SpoolEntry>> parts(inside_->shards.size());
  std::vector<std::size_t> octets(parts.size());
  for (SpoolEntry& entry : entries) {
    const std::size_t shard = inside_->shard_of(entry.alias_id);
    octets[shard] += entry.sealed.size();
    parts[shard].push_back(std::move(entry));
  }
  const auto now = unix_seconds(inside_->clock.wall());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    auto work = [part = std::move(parts[i]), now](ShardFile& file) {
      return file.append(part, now);
    };
    auto writing = Shard::change(inside_->shards[i], octets[i], std::move(work));
    auto done = co_await std::move(writing);
    if (!done.ok()) co_return done;
  }
  co_return Outcome<void>();
}

Task<Outcome<std::vector<Waiting>>> Spool::read(std::string alias_id, std::int64_t after_id,
                                                std::uint64_t most_octets) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id), after_id, most_octets](ShardFile& file) {
    return file.read(alias_id, after_id, most_octets);
  };
  auto reading = Shard::read<std::vector<Waiting>>(shard, std::move(work));
  co_return co_await std::move(reading);
}

Task<Outcome<void>> Spool::forget(std::string alias_id, std::int64_t up_to_id) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id), up_to_id](ShardFile& file) {
    return file.forget(alias_id, up_to_id);
  };
  auto writing = Shard::change(shard, 0, std::move(work));
  co_return co_await std::move(writing);
}

Task<Outcome<void>> Spool::set_aside(std::string alias_id, std::int64_t id, std::string why) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id), id, why = std::move(why),
               now = unix_seconds(inside_->clock.wall())](ShardFile& file) {
    return file.set_aside(alias_id, id, why, now);
  };
  auto writing = Shard::change(shard, 0, std::move(work));
  co_return co_await std::move(writing);
}

Task<Outcome<std::uint64_t>> Spool::bring_back(std::string alias_id) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  // Those there are now: what is set aside again meanwhile has a higher id.
  auto newest = [alias_id](ShardFile& file) { return file.newest_aside(alias_id); };
  auto asking = Shard::read<std::int64_t>(shard, std::move(newest));
  const auto up_to = co_await std::move(asking);
  if (!up_to.ok()) co_return up_to.failure();
  const auto moved = std::make_shared<std::uint64_t>(0);
  std::uint64_t all = 0;
  do {
    auto work = [alias_id, last = up_to.value(), moved](ShardFile& file) -> Outcome<void> {
      auto some = file.bring_back_some(alias_id, last);
      if (!some.ok()) return some.failure();
      *moved = some.value();
      return {};
    };
    auto writing = Shard::change(shard, 0, std::move(work));
    auto done = co_await std::move(writing);
    if (!done.ok()) co_return done.failure();
    all += *moved;
  } while (*moved > 0);
  co_return all;
}

Task<Outcome<std::vector<Listed>>> Spool::list(std::string alias_id, std::int64_t after_id,
                                               std::uint32_t most) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id), after_id, most](ShardFile& file) {
    return file.list(alias_id, after_id, most);
  };
  auto reading = Shard::read<std::vector<Listed>>(shard, std::move(work));
  co_return co_await std::move(reading);
}

Task<Outcome<void>> Spool::remove(std::string alias_id, std::int64_t up_to_id) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id), up_to_id](ShardFile& file) {
    return file.remove(alias_id, up_to_id);
  };
  auto writing = Shard::change(shard, 0, std::move(work));
  co_return co_await std::move(writing);
}

Task<Outcome<std::int64_t>> Spool::newest(std::string alias_id) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id)](ShardFile& file) { return file.newest(alias_id); };
  auto reading = Shard::read<std::int64_t>(shard, std::move(work));
  co_return co_await std::move(reading);
}

Task<Outcome<SpoolStats>> Spool::stats(std::string alias_id) {
  if (inside_->shards.empty()) co_return Failure{Fault::kUnavailable, "", "the spool is not open"};
  const ShardPtr shard = inside_->shards[inside_->shard_of(alias_id)];
  auto work = [alias_id = std::move(alias_id)](ShardFile& file) { return file.stats(alias_id); };
  auto reading = Shard::read<SpoolStats>(shard, std::move(work));
  co_return co_await std::move(reading);
}

Task<Outcome<std::map<std::string, SpoolStats>>> Spool::all_stats() {
  using Stats = std::map<std::string, SpoolStats>;
  const auto shards = inside_->shards;
  Stats all;
  for (const ShardPtr& shard : shards) {
    auto reading = Shard::read<Stats>(shard, [](ShardFile& file) { return file.all_stats(); });
    auto some = co_await std::move(reading);
    if (!some.ok()) co_return some.failure();
    all.merge(some.value());
  }
  co_return all;
}

Task<Outcome<void>> Spool::check() {
  const auto shards = inside_->shards;
  for (const ShardPtr& shard : shards) {
    auto reading = Shard::read<void>(shard, [](ShardFile& file) { return file.check(); });
    auto done = co_await std::move(reading);
    if (!done.ok()) co_return done;
  }
  co_return Outcome<void>();
}

std::uint64_t Spool::commits() const {
  std::uint64_t sum = 0;
  for (const ShardPtr& shard : inside_->shards) sum += shard->commits();
  return sum;
}

}  // namespace fwd::spool
