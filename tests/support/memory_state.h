#ifndef FWD_TESTS_SUPPORT_MEMORY_STATE_H
#define FWD_TESTS_SUPPORT_MEMORY_STATE_H

// State kept in memory, for tests.

#include <map>

#include "core/clock.h"
#include "model/state.h"

namespace fwd::test {

class MemoryState final : public model::State {
 public:
  explicit MemoryState(Clock& clock) : clock_(clock) {}
  bool is_away = false;                                   // get(), add() and set_if_absent() fail
  std::size_t count(const std::string& beginning) const;  // keys, ended ones too
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
  struct Fact {
    std::string text;
    std::uint64_t count = 0;
    Instant ends{};
  };
  // The fact, when it has not ended.
  Fact* find(const std::string& key);
  Clock& clock_;
  std::map<std::string, Fact> facts_;
};

}  // namespace fwd::test

#endif
