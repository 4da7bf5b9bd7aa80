#ifndef FWD_STORAGE_STATE_STATE_MEMORY_H
#define FWD_STORAGE_STATE_STATE_MEMORY_H

// One owner's facts themselves, in memory: counters, values and locks, each with
// an end.  Bounded: when counters are too many, or what is in a room apart, those
// that end soonest are forgotten; other values and locks are never forgotten early,
// the newcomer is refused.  Remembers what changed since it was last asked, for the file.
//
// What is long enough for the file ends by the calendar, as it would after a
// restart: four days are four days though the machine slept for two of them.
// The rest ends by the steady clock.  A calendar that is set back, also between two
// starts, leaves no fact more than its own life.

#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/clock.h"
#include "core/outcome.h"
#include "model/state.h"

namespace fwd::state {

struct StateLimits {
  std::size_t counters = 500'000;
  std::size_t values = 100'000;  // and locks
  // Of keys and values: of the counters, again of the values and locks, and again of
  // each room, which has kRoomOctets for each of its facts where that is more.
  std::size_t octets = 64 * 1024 * 1024;
  std::size_t room = 30'000;           // facts in each of model::kRooms
  std::chrono::seconds kept_from{60};  // what ends sooner is not written to the file
};

// What the key and the value of a fact in a room hardly ever exceed.
inline constexpr std::size_t kRoomOctets = 128;

// Travels in the file: never renumber.
enum class FactKind : std::uint8_t { kCounter = 1, kValue = 2, kLock = 3 };

// A fact as the file keeps it, or that it is gone.
struct FactRow {
  FactKind kind = FactKind::kValue;
  std::string key;
  std::string value;         // of a lock its owner, of a counter its number
  std::int64_t ends_ms = 0;  // milliseconds since 1970
  std::int64_t life_ms = 0;  // as it was last given; 0: not known
  bool gone = false;
};

class StateMemory {
 public:
  StateMemory(Clock& clock, StateLimits limits);

  // As model/state.h says.  kBadInput: a key or value beyond its bound;
  // kOverLimit: no room.
  Outcome<model::Count> add(const std::string& key, std::int64_t by, std::chrono::seconds window);
  Outcome<std::optional<std::string>> get(const std::string& key);
  Outcome<void> set(const std::string& key, std::string value, std::chrono::seconds life);
  Outcome<bool> set_if_absent(const std::string& key, std::string value, std::chrono::seconds life);
  Outcome<void> remove(const std::string& key);
  Outcome<bool> lock(const std::string& key, const std::string& owner, std::chrono::seconds life);
  Outcome<void> unlock(const std::string& key, const std::string& owner);

  // Forgets what has ended, at most `most` facts; gives how many.
  std::size_t sweep(std::size_t most);
  // At most `most` of the changes since they were last taken.
  std::vector<FactRow> take_changes(std::size_t most);
  bool has_changes() const { return !changed_.empty(); }
  // Gives back changes that could not be written; newer ones win.
  void return_changes(const std::vector<FactRow>& rows);
  // Puts a fact of the file in its place; ended ones are passed over, and those of
  // which there is newer word.
  void restore(const FactRow& row);
  // The calendar is right: what the file says of ends that it makes too late is changed.
  void trust_calendar();
  std::size_t size() const { return facts_.size(); }

 private:
  struct Fact;
  using Facts = std::unordered_map<std::string, Fact>;
  using Span = std::chrono::nanoseconds;
  using Ends = std::multimap<Span, const std::string*>;
  struct Fact {
    std::string value;
    std::uint64_t number = 0;
    Span ends{}, life{};  // by time(is_kept); as it was last given
    Ends::iterator place;
    bool is_kept = false;  // the file has it, or will
  };

  // Counters, values and locks, or what is in one room.
  struct Group {
    Ends kept, passing;  // soonest first
    std::size_t octets = 0;
    std::size_t most = 0;  // facts
    std::size_t most_octets = 0;
    bool gives_way = false;
    Ends& ends(bool is_kept) { return is_kept ? kept : passing; }
    std::size_t size() const { return kept.size() + passing.size(); }
  };

  // Since the beginning of the calendar, or of the steady clock.
  Span time(bool is_kept) const;
  Span left(const Fact& fact) const { return fact.ends - time(fact.is_kept); }
  static std::string place_of(FactKind kind, std::string_view key);
  Fact* find(const std::string& place);
  Outcome<Fact*> make(const std::string& place, std::size_t octets, Span life,
                      bool is_kept = false);
  void prolong(Fact& fact, Span life, Span left);
  void put(Fact& fact, const std::string* name, Span life, Span left);
  void watch_calendar();
  void bound_ends(Group& group);
  void drop(Facts::iterator fact);
  void drop_soonest(Group& group);
  bool make_room(Group& group, std::size_t octets);
  void note(const std::string& place, const Fact& fact);
  void mark(const std::string& place);
  Group& group_of(std::string_view place);

  Clock& clock_;
  StateLimits limits_;
  Facts facts_;  // by kind and key
  Group counters_, values_;
  Group rooms_[std::size(model::kRooms)];
  std::unordered_set<std::string> changed_;
  std::unordered_set<std::string> shortened_;  // by restore(); the file has later ends
  Span ahead_;                                 // of the steady clock is the calendar
};

}  // namespace fwd::state

#endif
