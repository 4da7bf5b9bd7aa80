// State kept in memory, for tests.
#include "support/memory_state.h"

#include <utility>

namespace fwd::test {

MemoryState::Fact* MemoryState::find(const std::string& key) {
  const auto at = facts_.find(key);
  if (at == facts_.end()) return nullptr;
  if (clock_.now() < at->second.ends) return &at->second;
  facts_.erase(at);
  return nullptr;
}

Task<Outcome<model::Count>> MemoryState::add(std::string key, std::int64_t by,
                                             std::chrono::seconds window) {
  if (is_away) co_return Failure{Fault::kUnavailable, "", "away"};
  Fact* fact = find("count " + key);
  if (fact == nullptr) {
    fact = &facts_["count " + key];
    fact->ends = clock_.now() + window;
  }
  fact->count += static_cast<std::uint64_t>(by);
  model::Count count;
  count.value = fact->count;
  count.resets_in = std::chrono::ceil<std::chrono::seconds>(fact->ends - clock_.now());
  co_return count;
}

Task<Outcome<std::optional<std::string>>> MemoryState::get(std::string key) {
  if (is_away) co_return Failure{Fault::kUnavailable, "", "State is away"};
  const Fact* const fact = find(key);
  if (fact == nullptr) co_return std::optional<std::string>{};
  co_return std::optional<std::string>{fact->text};
}

Task<Outcome<void>> MemoryState::set(std::string key, std::string value,
                                     std::chrono::seconds life) {
  facts_[key] = Fact{std::move(value), 0, clock_.now() + life};
  co_return Outcome<void>{};
}

Task<Outcome<bool>> MemoryState::set_if_absent(std::string key, std::string value,
                                               std::chrono::seconds life) {
  if (is_away) co_return Failure{Fault::kUnavailable, "", "away"};
  if (find(key) != nullptr) co_return false;
  facts_[key] = Fact{std::move(value), 0, clock_.now() + life};
  co_return true;
}

Task<Outcome<void>> MemoryState::remove(std::string key) {
  facts_.erase(key);
  facts_.erase("count " + key);
  co_return Outcome<void>{};
}

Task<Outcome<bool>> MemoryState::lock(std::string key, std::string owner,
                                      std::chrono::seconds life) {
  const Fact* const held = find("lock " + key);
  if (held != nullptr && held->text != owner) co_return false;
  facts_["lock " + key] = Fact{std::move(owner), 0, clock_.now() + life};
  co_return true;
}

Task<Outcome<void>> MemoryState::unlock(std::string key, std::string owner) {
  const Fact* const held = find("lock " + key);
  if (held != nullptr && held->text == owner) facts_.erase("lock " + key);
  co_return Outcome<void>{};
}

std::size_t MemoryState::count(const std::string& beginning) const {
  std::size_t found = 0;
  for (const auto& [key, fact] : facts_)
    if (key.starts_with(beginning) || key.starts_with("count " + beginning)) ++found;
  return found;
}

}  // namespace fwd::test
