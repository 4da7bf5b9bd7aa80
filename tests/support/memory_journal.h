#ifndef FWD_TESTS_SUPPORT_MEMORY_JOURNAL_H
#define FWD_TESTS_SUPPORT_MEMORY_JOURNAL_H

// Journal kept in memory, for tests.

#include "core/clock.h"
#include "model/journal.h"

namespace fwd::test {

class MemoryJournal final : public model::Journal {
 public:
  explicit MemoryJournal(Clock& clock) : clock_(clock) {}
  Task<Outcome<void>> write(model::JournalEntry entry) override;
  Task<Outcome<std::vector<model::JournalEntry>>> read(model::JournalQuery query) override;
  Task<Outcome<std::uint64_t>> forget_before(std::int64_t time_ms) override;
  const std::vector<model::JournalEntry>& entries() const { return entries_; }

 private:
  Clock& clock_;
  std::uint64_t last_id_ = 0;
  std::vector<model::JournalEntry> entries_;
};

}  // namespace fwd::test

#endif
