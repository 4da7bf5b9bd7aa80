#ifndef FWD_STORAGE_STATE_STATE_STORE_H
#define FWD_STORAGE_STATE_STATE_STORE_H

// The embedded keeper of state: answers from memory at once, writes behind
// what lives longer than a minute, so that a restart keeps it.  A crash loses
// at most the last seconds' changes.

#include <memory>

#include "model/state.h"
#include "net/workers.h"
#include "storage/state/state_file.h"
#include "storage/state/state_memory.h"

namespace fwd::state {

class StateStore final : public model::State {
 public:
  // `workers` and `clock` must outlive the store.
  StateStore(std::shared_ptr<StateFile> file, net::Workers& workers, Clock& clock,
             std::uint64_t worker_key, StateLimits limits = {});

  // Takes in what the file kept.  Call once, first.
  Task<Outcome<void>> load();
  // Writes behind and sweeps, for ever: to be run in the daemon's group.
  // Failures are tried again with the next round.
  Task<void> run();
  // Writes all that is waiting: before the end.  A batch that run() has on its
  // way is finished by the workers.
  Task<Outcome<void>> flush();

  Task<Outcome<model::Count>> add(std::string key, std::int64_t by,
                                  std::chrono::seconds window) override;
  Task<Outcome<std::optional<std::string>>> get(std::string key) override;
  Task<Outcome<void>> set(std::string key, std::string value, std::chrono::seconds life) override;
  Task<Outcome<bool>> set_if_absent(std::string key, std::string value,
                                    std::chrono::seconds life) override;
  Task<Outcome<void>> remove(std::string key) override;
  Task<Outcome<bool>> lock(std::string key, std::string owner, std::chrono::seconds life) override;
  Task<Outcome<void>> unlock(std::string key, std::string owner) override;

 private:
  std::shared_ptr<StateFile> file_;
  net::Workers& workers_;
  Clock& clock_;
  std::uint64_t worker_key_;
  StateMemory memory_;
};

}  // namespace fwd::state

#endif
