// Gathers journal entries and commits them in batches.
#include "storage/journal/journal_store.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "core/first_of.h"
#include "core/text.h"

namespace fwd::journal {
namespace {

constexpr std::chrono::milliseconds kEvery{200};
constexpr std::chrono::milliseconds kPauseAfterFailure{2000};
constexpr std::size_t kBatch = 100;
constexpr std::size_t kMostAtOnce = 2000;  // in one commit
constexpr std::size_t kMostFields = 50;
constexpr std::size_t kMostName = 100;  // octets; a longer one is no field of ours

void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
}

// Names stand in logs and on terminals as they are.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

void cut(model::JournalEntry& entry, std::size_t most) {
  for (std::string* text : {&entry.event, &entry.message_id, &entry.domain_id, &entry.alias_id})
    cut(*text, most);
  std::erase_if(entry.fields, [](const auto& field) { return !is_name(field.first); });
  while (entry.fields.size() > kMostFields) entry.fields.erase(std::prev(entry.fields.end()));
  for (auto& [name, value] : entry.fields) cut(value, most);
}

std::size_t octets_of(const model::JournalEntry& entry) {
  std::size_t octets = sizeof entry + entry.event.size() + entry.message_id.size() +
                       entry.domain_id.size() + entry.alias_id.size();
  for (const auto& [name, value] : entry.fields) octets += name.size() + value.size();
  return octets;
}

Task<void> wait_for(Event& event) {
  auto waiting = event.wait();
  co_await waiting;
}

}  // namespace

JournalStore::JournalStore(std::shared_ptr<JournalFile> file, net::Workers& workers, Clock& clock,
                           std::uint64_t worker_key, JournalBounds bounds)
    : file_(std::move(file)),
      workers_(workers),
      clock_(clock),
      worker_key_(worker_key),
      bounds_(bounds) {}

Task<void> JournalStore::run() {
  for (;;) {
    auto first = wait_for(some_);
    co_await first;
    auto batch = wait_for(full_);
    auto pause = clock_.sleep(kEvery);
    auto either = first_of(std::move(batch), std::move(pause));
    co_await either;
    auto writing = flush();
    const Outcome<void> written = co_await writing;
    if (!written.ok()) {
      auto rest = clock_.sleep(kPauseAfterFailure);
      co_await rest;
    }
  }
}

Task<Outcome<void>> JournalStore::flush() {
  while (!waiting_.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostAtOnce));
    const auto batch = std::make_shared<std::vector<model::JournalEntry>>(
        std::make_move_iterator(waiting_.begin()),
        std::make_move_iterator(waiting_.begin() + count));
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    for (const model::JournalEntry& entry : *batch) waiting_octets_ -= octets_of(entry);
    full_.clear();
    if (waiting_.empty()) some_.clear();
    auto job = [file = file_, batch, bounds = bounds_] { return file->append(*batch, bounds); };
    auto writing = workers_.run(worker_key_, std::move(job));
    Outcome<void> written = co_await writing;
    if (written.ok()) continue;
    // Back to the front; what has no room there is lost, oldest first.
    while (!batch->empty() && has_room(octets_of(batch->back()))) {
      waiting_octets_ += octets_of(batch->back());
      waiting_.push_front(std::move(batch->back()));
      batch->pop_back();
    }
    lost_ += batch->size();
    if (!waiting_.empty()) some_.set();
    co_return written;
  }
  co_return Outcome<void>();
}

bool JournalStore::has_room(std::size_t octets) const {
  return waiting_.size() < bounds_.waiting && waiting_octets_ + octets <= bounds_.waiting_octets;
}

Task<Outcome<void>> JournalStore::write(model::JournalEntry entry) {
  if (!is_name(entry.event))
    co_return Failure{Fault::kBadInput, "this is not the name of an event", ""};
  cut(entry, bounds_.value_octets);
  const std::size_t octets = octets_of(entry);
  if (!has_room(octets)) {
    ++lost_;
    co_return Failure{Fault::kUnavailable, "the journal cannot be written", ""};
  }
  // One of a time to come would never be old enough to be forgotten.
  const std::int64_t now = unix_milliseconds(clock_.wall());
  if (entry.time_ms == 0 || entry.time_ms > now) entry.time_ms = now;
  waiting_octets_ += octets;
  waiting_.push_back(std::move(entry));
  some_.set();
  if (waiting_.size() >= kBatch) full_.set();
  co_return Outcome<void>();
}

Task<Outcome<std::vector<model::JournalEntry>>> JournalStore::read(model::JournalQuery query) {
  auto writing = flush();
  const Outcome<void> written = co_await writing;
  if (!written.ok()) co_return written.failure();
  query.limit = std::min(query.limit, bounds_.read);
  auto job = [file = file_, query = std::move(query)] { return file->read(query); };
  auto reading = workers_.run(worker_key_, std::move(job));
  co_return co_await reading;
}

Task<Outcome<std::uint64_t>> JournalStore::forget_before(std::int64_t time_ms) {
  // In slices, so that writers get their turns.
  constexpr std::uint32_t kSlice = 500;
  std::uint64_t removed = 0;
  for (;;) {
    auto job = [file = file_, time_ms] { return file->forget_some(time_ms, kSlice); };
    auto forgetting = workers_.run(worker_key_, std::move(job));
    const Outcome<std::uint64_t> some = co_await forgetting;
    if (!some.ok()) co_return some.failure();
    removed += some.value();
    if (some.value() < kSlice) co_return removed;
  }
}

}  // namespace fwd::journal
