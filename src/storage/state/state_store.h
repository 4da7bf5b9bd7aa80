#ifndef FWD_STORAGE_STATE_STATE_STORE_H
#define FWD_STORAGE_STATE_STATE_STORE_H

// The embedded keeper of state: answers from memory at once, writes behind
// what lives longer than a minute, so that a restart keeps it.  A crash loses
// at most the last seconds' changes.
//
// Each owner has keys and room of his own; all share the file, where a key is
// "<owner>/<key>".

#include <map>
#include <memory>
#include <string>

#include "model/state.h"
#include "net/workers.h"
#include "storage/state/state_file.h"
#include "storage/state/state_memory.h"

namespace fwd::state {

class StateStore {
 public:
  // `workers` and `clock` must outlive the store.
  StateStore(std::shared_ptr<StateFile> file, net::Workers& workers, Clock& clock,
             std::uint64_t worker_key);
  ~StateStore();

  // What `owner` (a name without "/") keeps.  Call before load(), once for each.
  model::State& add_owner(const std::string& owner, StateLimits limits);
  // The same later; nullptr when there is no such owner.
  model::State* find(const std::string& owner) const;

  // Takes in what the file kept of those added.  Call once, first.  A calendar that is
  // wrong then loses nothing if it is put right within ten minutes: until it was left
  // alone for so long nothing is removed from the file, and when it jumps
  // run() takes in what has not ended after all.
  Task<Outcome<void>> load();
  // Writes behind and sweeps, for ever: to be run in the daemon's group.
  // Failures are tried again with the next round.
  Task<void> run();
  // Writes all that is waiting: before the end.  A batch that run() has on its
  // way is finished by the workers.
  Task<Outcome<void>> flush();

 private:
  class Owned;
  Task<Outcome<void>> flush_owner(std::string owner, StateMemory& memory);
  Task<void> clean();
  // By how much the calendar is ahead of the steady clock.
  std::chrono::nanoseconds ahead() const;

  std::shared_ptr<StateFile> file_;
  net::Workers& workers_;
  Clock& clock_;
  std::uint64_t worker_key_;
  std::map<std::string, std::unique_ptr<Owned>> owners_;
};

}  // namespace fwd::state

#endif
