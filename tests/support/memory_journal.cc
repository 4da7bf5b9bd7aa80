// Journal kept in memory, for tests.
#include "support/memory_journal.h"

#include <algorithm>
#include <utility>

namespace fwd::test {
namespace {

bool names(const model::JournalEntry& entry, const char* field, const std::string& address) {
  const auto at = entry.fields.find(field);
  return at != entry.fields.end() && at->second == address;
}

bool matches(const model::JournalEntry& entry, const model::JournalQuery& query) {
  const auto same = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  return same(query.message_id, entry.message_id) && same(query.domain_id, entry.domain_id) &&
         same(query.alias_id, entry.alias_id) &&
         (same(query.event, entry.event) || entry.event.starts_with(query.event + ".")) &&
         (query.address.empty() || names(entry, "from", query.address) ||
          names(entry, "to", query.address)) &&
         entry.time_ms >= query.since_ms && entry.time_ms <= query.until_ms;
}

}  // namespace

Task<Outcome<void>> MemoryJournal::write(model::JournalEntry entry) {
  entry.id = ++last_id_;
  entry.time_ms = unix_milliseconds(clock_.wall());
  entries_.push_back(std::move(entry));
  co_return Outcome<void>{};
}

Task<Outcome<std::vector<model::JournalEntry>>> MemoryJournal::read(model::JournalQuery query) {
  std::vector<model::JournalEntry> found;
  for (const model::JournalEntry& entry : entries_)
    if (matches(entry, query)) found.push_back(entry);
  if (found.size() > query.limit)
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(query.limit));
  co_return found;
}

Task<Outcome<std::uint64_t>> MemoryJournal::forget_before(std::int64_t time_ms) {
  const std::size_t before = entries_.size();
  std::erase_if(entries_,
                [&](const model::JournalEntry& entry) { return entry.time_ms < time_ms; });
  co_return std::uint64_t{before - entries_.size()};
}

}  // namespace fwd::test
