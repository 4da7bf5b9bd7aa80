#ifndef FWD_STORAGE_JOURNAL_JOURNAL_STORE_H
#define FWD_STORAGE_JOURNAL_JOURNAL_STORE_H

// The embedded keeper of the journal: takes entries at once and commits them
// together, every 200 ms or 100 entries.  A crash loses at most these.

#include <deque>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "core/event.h"
#include "model/journal.h"
#include "net/workers.h"
#include "storage/journal/journal_file.h"

namespace fwd::journal {

class JournalStore final : public model::Journal {
 public:
  // `workers` and `clock` must outlive the store.
  JournalStore(std::shared_ptr<JournalFile> file, net::Workers& workers, Clock& clock,
               std::uint64_t worker_key, JournalBounds bounds = {});

  // Commits batches, for ever: to be run in the daemon's group.
  Task<void> run();
  // Commits all that is waiting: before the end.  A batch that run() has on
  // its way is finished by the workers.
  Task<Outcome<void>> flush();
  // In force from the next batch on.
  void set_bounds(JournalBounds bounds) { bounds_ = bounds; }
  // Entries given up because the disk failed for too long.
  std::uint64_t lost() const { return lost_; }

  // kBadInput: the event is not a name of letters, digits, dots and hyphens; fields
  // without such a name are left out.  Keeps at most 50 fields of 2,000 octets each; longer ones
  // are cut.  An entry without time, or of a time to come, gets the clock's.  kUnavailable: the
  // disk has failed for so long that the waiting entries reached their bound.
  Task<Outcome<void>> write(model::JournalEntry entry) override;
  // Sees all that was written before.
  Task<Outcome<std::vector<model::JournalEntry>>> read(model::JournalQuery query) override;
  Task<Outcome<std::uint64_t>> forget_before(std::int64_t time_ms) override;

 private:
  bool has_room(std::size_t octets) const;

  std::shared_ptr<JournalFile> file_;
  net::Workers& workers_;
  Clock& clock_;
  std::uint64_t worker_key_;
  JournalBounds bounds_;
  std::deque<model::JournalEntry> waiting_;
  std::size_t waiting_octets_ = 0;
  Event some_;  // set while waiting_ is not empty
  Event full_;  // set while waiting_ holds a batch
  std::uint64_t lost_ = 0;
};

}  // namespace fwd::journal

#endif
