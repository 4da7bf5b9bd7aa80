// State in memory, with the file behind it.
#include "storage/state/state_store.h"

#include <utility>

namespace fwd::state {
namespace {

constexpr std::chrono::milliseconds kEvery{2000};
constexpr std::chrono::minutes kJump{1};
constexpr std::chrono::minutes kTrusted{10};  // when the calendar has not jumped for so long
constexpr std::chrono::minutes kClean{1};
constexpr std::size_t kBatch = 5000;
constexpr std::size_t kSweep = 100'000;

}  // namespace

// What one owner keeps.
class StateStore::Owned final : public model::State {
 public:
  Owned(Clock& clock, StateLimits limits) : memory(clock, limits) {}

  Task<Outcome<model::Count>> add(std::string key, std::int64_t by,
                                  std::chrono::seconds window) override {
    co_return memory.add(key, by, window);
  }
  Task<Outcome<std::optional<std::string>>> get(std::string key) override {
    co_return memory.get(key);
  }
  Task<Outcome<void>> set(std::string key, std::string value, std::chrono::seconds life) override {
    co_return memory.set(key, std::move(value), life);
  }
  Task<Outcome<bool>> set_if_absent(std::string key, std::string value,
                                    std::chrono::seconds life) override {
    co_return memory.set_if_absent(key, std::move(value), life);
  }
  Task<Outcome<void>> remove(std::string key) override { co_return memory.remove(key); }
  Task<Outcome<bool>> lock(std::string key, std::string owner, std::chrono::seconds life) override {
    co_return memory.lock(key, owner, life);
  }
  Task<Outcome<void>> unlock(std::string key, std::string owner) override {
    co_return memory.unlock(key, owner);
  }

  StateMemory memory;
};

StateStore::StateStore(std::shared_ptr<StateFile> file, net::Workers& workers, Clock& clock,
                       std::uint64_t worker_key)
    : file_(std::move(file)), workers_(workers), clock_(clock), worker_key_(worker_key) {}

StateStore::~StateStore() = default;

model::State& StateStore::add_owner(const std::string& owner, StateLimits limits) {
  std::unique_ptr<Owned>& made = owners_[owner];
  made = std::make_unique<Owned>(clock_, limits);
  return *made;
}

model::State* StateStore::find(const std::string& owner) const {
  const auto found = owners_.find(owner);
  return found == owners_.end() ? nullptr : found->second.get();
}

Task<Outcome<void>> StateStore::load() {
  const std::int64_t now = unix_milliseconds(clock_.wall());
  auto job = [file = file_, now] { return file->load(now); };
  auto loading = workers_.run(worker_key_, std::move(job));
  auto rows = co_await loading;
  if (!rows.ok()) co_return rows.failure();
  for (FactRow& row : rows.value()) {
    const std::size_t slash = row.key.find('/');
    const auto owner = owners_.find(row.key.substr(0, slash));
    if (slash == std::string::npos || owner == owners_.end()) continue;
    row.key.erase(0, slash + 1);
    owner->second->memory.restore(row);
  }
  co_return Outcome<void>();
}

std::chrono::nanoseconds StateStore::ahead() const {
  return clock_.wall().time_since_epoch() - clock_.now().time_since_epoch();
}

Task<void> StateStore::clean() {
  for (const auto& [name, owner] : owners_) owner->memory.trust_calendar();
  const std::int64_t now = unix_milliseconds(clock_.wall());
  auto job = [file = file_, now] { return file->remove_ended(now); };
  auto cleaning = workers_.run(worker_key_, std::move(job));
  const Outcome<void> cleaned = co_await cleaning;
  static_cast<void>(cleaned.ok());
}

Task<void> StateStore::run() {
  std::chrono::nanoseconds known = ahead();
  Instant next_clean = clock_.now() + kTrusted;
  for (;;) {
    auto pause = clock_.sleep(kEvery);
    co_await pause;
    if (std::chrono::abs(ahead() - known) > kJump) {
      known = ahead();
      next_clean = clock_.now() + kTrusted;
      auto first = flush();  // the file must not bring back what was removed
      static_cast<void>(co_await first);
      auto again = load();
      static_cast<void>(co_await again);
    }
    if (clock_.now() >= next_clean) {
      next_clean = clock_.now() + kClean;
      auto cleaning = clean();
      co_await cleaning;
    }
    for (const auto& [name, owner] : owners_) owner->memory.sweep(kSweep);
    auto writing = flush();
    const Outcome<void> written = co_await writing;
    static_cast<void>(written.ok());
  }
}

Task<Outcome<void>> StateStore::flush() {
  for (const auto& [name, owner] : owners_) {
    auto writing = flush_owner(name, owner->memory);
    Outcome<void> written = co_await writing;
    if (!written.ok()) co_return written;
  }
  co_return Outcome<void>();
}

Task<Outcome<void>> StateStore::flush_owner(std::string owner, StateMemory& memory) {
  const std::string prefix = owner + '/';
  while (memory.has_changes()) {
    const auto taken = memory.take_changes(kBatch);
    const auto rows = std::make_shared<std::vector<FactRow>>(taken);
    for (FactRow& row : *rows) row.key.insert(0, prefix);
    auto job = [file = file_, rows] { return file->write(*rows); };
    auto writing = workers_.run(worker_key_, std::move(job));
    Outcome<void> written = co_await writing;
    if (!written.ok()) {
      memory.return_changes(taken);
      co_return written;
    }
  }
  co_return Outcome<void>();
}

}  // namespace fwd::state
