// State in memory, with the file behind it.
#include "storage/state/state_store.h"

namespace fwd::state {
namespace {

constexpr std::chrono::milliseconds kEvery{2000};
constexpr std::size_t kBatch = 5000;
constexpr std::size_t kSweep = 100'000;

}  // namespace

StateStore::StateStore(std::shared_ptr<StateFile> file, net::Workers& workers, Clock& clock,
                       std::uint64_t worker_key, StateLimits limits)
    : file_(std::move(file)),
      workers_(workers),
      clock_(clock),
      worker_key_(worker_key),
      memory_(clock, limits) {}

Task<Outcome<void>> StateStore::load() {
  const std::int64_t now = unix_milliseconds(clock_.wall());
  auto job = [file = file_, now] { return file->load(now); };
  auto loading = workers_.run(worker_key_, std::move(job));
  const auto rows = co_await loading;
  if (!rows.ok()) co_return rows.failure();
  for (const FactRow& row : rows.value()) memory_.restore(row);
  co_return Outcome<void>();
}

Task<void> StateStore::run() {
  for (;;) {
    auto pause = clock_.sleep(kEvery);
    co_await pause;
    memory_.sweep(kSweep);
    auto writing = flush();
    const Outcome<void> written = co_await writing;
    static_cast<void>(written.ok());
  }
}

Task<Outcome<void>> StateStore::flush() {
  while (memory_.has_changes()) {
    const auto rows = std::make_shared<const std::vector<FactRow>>(memory_.take_changes(kBatch));
    const std::int64_t now = unix_milliseconds(clock_.wall());
    auto job = [file = file_, rows, now] { return file->write(*rows, now); };
    auto writing = workers_.run(worker_key_, std::move(job));
    Outcome<void> written = co_await writing;
    if (!written.ok()) {
      memory_.return_changes(*rows);
      co_return written;
    }
  }
  co_return Outcome<void>();
}

Task<Outcome<model::Count>> StateStore::add(std::string key, std::int64_t by,
                                            std::chrono::seconds window) {
  co_return memory_.add(key, by, window);
}

Task<Outcome<std::optional<std::string>>> StateStore::get(std::string key) {
  co_return memory_.get(key);
}

Task<Outcome<void>> StateStore::set(std::string key, std::string value, std::chrono::seconds life) {
  co_return memory_.set(key, std::move(value), life);
}

Task<Outcome<bool>> StateStore::set_if_absent(std::string key, std::string value,
                                              std::chrono::seconds life) {
  co_return memory_.set_if_absent(key, std::move(value), life);
}

Task<Outcome<void>> StateStore::remove(std::string key) { co_return memory_.remove(key); }

Task<Outcome<bool>> StateStore::lock(std::string key, std::string owner,
                                     std::chrono::seconds life) {
  co_return memory_.lock(key, owner, life);
}

Task<Outcome<void>> StateStore::unlock(std::string key, std::string owner) {
  co_return memory_.unlock(key, owner);
}

}  // namespace fwd::state
