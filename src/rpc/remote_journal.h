#ifndef FWD_RPC_REMOTE_JOURNAL_H
#define FWD_RPC_REMOTE_JOURNAL_H

// Journal, kept by asking the door.

#include "model/journal.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteJournal final : public model::Journal {
 public:
  explicit RemoteJournal(Door& door) : door_(door) {}
  Task<Outcome<void>> write(model::JournalEntry entry) override;
  Task<Outcome<std::vector<model::JournalEntry>>> read(model::JournalQuery query) override;
  Task<Outcome<std::uint64_t>> forget_before(std::int64_t time_ms) override;

 private:
  Door& door_;
};

}  // namespace fwd::rpc

#endif
