#ifndef FWD_RPC_REMOTE_STATE_H
#define FWD_RPC_REMOTE_STATE_H

// State, kept by asking the door.

#include "model/state.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteState final : public model::State {
 public:
  explicit RemoteState(Door& door) : door_(door) {}
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
  Door& door_;
};

}  // namespace fwd::rpc

#endif
