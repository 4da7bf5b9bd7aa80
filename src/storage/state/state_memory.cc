// Counters, values and locks with an end, in memory.
#include "storage/state/state_memory.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::state {
namespace {

constexpr std::size_t kMostKey = 512;
constexpr std::size_t kMostValue = 64 * 1024;
constexpr std::chrono::seconds kLongest{400 * 24 * 3600};
constexpr std::chrono::minutes kSetBack{1};

Outcome<void> check(const std::string& key, std::size_t value, std::chrono::seconds life) {
  if (key.empty() || key.size() > kMostKey)
    return Failure{Fault::kBadInput, "a key of state is empty or too long", ""};
  if (value > kMostValue) return Failure{Fault::kBadInput, "a value of state is too long", ""};
  if (life <= std::chrono::seconds(0) || life > kLongest)
    return Failure{Fault::kBadInput, "a life of state is not within its bounds", ""};
  return {};
}

FactKind kind_of(std::string_view place) { return static_cast<FactKind>(place.front() - '0'); }

}  // namespace

StateMemory::StateMemory(Clock& clock, StateLimits limits)
    : clock_(clock), limits_(limits), ahead_(time(true) - time(false)) {
  counters_.most = limits.counters;
  counters_.most_octets = values_.most_octets = limits.octets;
  counters_.gives_way = true;
  values_.most = limits.values;
  for (Group& room : rooms_) {
    room.most = limits.room;
    room.most_octets = std::max(limits.octets, limits.room * kRoomOctets);
    room.gives_way = true;
  }
}

StateMemory::Group& StateMemory::group_of(std::string_view place) {
  const std::string_view name = place.substr(1, place.find(':', 1) - 1);
  for (std::size_t i = 0; i < std::size(model::kRooms); ++i)
    if (name.size() + 1 < place.size() && name == model::kRooms[i]) return rooms_[i];
  return kind_of(place) == FactKind::kCounter ? counters_ : values_;
}

std::string StateMemory::place_of(FactKind kind, std::string_view key) {
  std::string place(1, static_cast<char>('0' + static_cast<int>(kind)));
  place += key;
  return place;
}

StateMemory::Span StateMemory::time(bool is_kept) const {
  return is_kept ? Span(clock_.wall().time_since_epoch()) : Span(clock_.now().time_since_epoch());
}

// Whose end comes too late by a calendar that was set back has his own life
// again; in a full room newcomers would else end sooner than all others.
void StateMemory::watch_calendar() {
  const Span ahead = time(true) - time(false);
  if (ahead_ - ahead > kSetBack) {
    bound_ends(counters_);
    bound_ends(values_);
    for (Group& room : rooms_) bound_ends(room);
    ahead_ = ahead;
  }
  ahead_ = std::max(ahead_, ahead);
}

void StateMemory::bound_ends(Group& group) {
  std::vector<const std::string*> names;  // in this order, who came first ends first
  for (const auto& [ends, name] : group.kept) names.push_back(name);
  for (const std::string* name : names) {
    Fact& fact = facts_.find(*name)->second;
    if (left(fact) <= fact.life) continue;
    prolong(fact, fact.life, fact.life);
    mark(*name);
  }
}

StateMemory::Fact* StateMemory::find(const std::string& place) {
  watch_calendar();
  const auto found = facts_.find(place);
  if (found == facts_.end()) return nullptr;
  Fact& fact = found->second;
  if (left(fact) > fact.life) {  // the calendar was set back by a little
    prolong(fact, fact.life, fact.life);
    note(place, fact);
  }
  if (left(fact) > Span(0)) return &fact;
  drop(found);
  return nullptr;
}

void StateMemory::note(const std::string& place, const Fact& fact) {
  if (fact.is_kept) mark(place);
}

// While the disk fails, changes past the bound are not remembered: the file
// then keeps an older state, which ends by itself.
void StateMemory::mark(const std::string& place) {
  const std::size_t most = limits_.counters + limits_.values + std::size(rooms_) * limits_.room;
  if (changed_.size() < 2 * most) changed_.insert(place);
}

void StateMemory::drop(Facts::iterator fact) {
  const std::string& place = fact->first;
  // What has ended the file drops by itself.
  if (fact->second.is_kept && left(fact->second) > Span(0)) mark(place);
  Group& group = group_of(place);
  group.octets -= place.size() + fact->second.value.size();
  group.ends(fact->second.is_kept).erase(fact->second.place);
  facts_.erase(fact);
}

void StateMemory::drop_soonest(Group& group) {
  const bool has_both = !group.kept.empty() && !group.passing.empty();
  const bool is_kept =
      has_both ? group.kept.begin()->first - time(true) < group.passing.begin()->first - time(false)
               : group.passing.empty();
  drop(facts_.find(*group.ends(is_kept).begin()->second));
}

bool StateMemory::make_room(Group& group, std::size_t octets) {
  const auto full = [&] {
    return group.size() >= group.most || group.octets + octets > group.most_octets;
  };
  if (full()) sweep(1000);
  while (full() && group.gives_way && group.size() > 0) drop_soonest(group);
  return !full();
}

Outcome<StateMemory::Fact*> StateMemory::make(const std::string& place, std::size_t octets,
                                              Span life, bool is_kept) {
  Group& group = group_of(place);
  if (!make_room(group, place.size() + octets))
    return Failure{Fault::kOverLimit, "there is no more room for state", ""};
  const auto made = facts_.try_emplace(place).first;
  Fact& fact = made->second;
  fact.is_kept = is_kept;
  put(fact, &made->first, life, life);
  group.octets += place.size();
  return &fact;
}

// Once the file has it it stays there.
void StateMemory::put(Fact& fact, const std::string* name, Span life, Span left) {
  fact.is_kept = fact.is_kept || life >= limits_.kept_from;
  fact.life = life;
  fact.ends = time(fact.is_kept) + left;
  fact.place = group_of(*name).ends(fact.is_kept).emplace(fact.ends, name);
}

void StateMemory::prolong(Fact& fact, Span life, Span left) {
  const std::string* name = fact.place->second;
  group_of(*name).ends(fact.is_kept).erase(fact.place);
  put(fact, name, life, left);
}

Outcome<model::Count> StateMemory::add(const std::string& key, std::int64_t by,
                                       std::chrono::seconds window) {
  const Outcome<void> checked = check(key, 0, window);
  if (!checked.ok()) return checked.failure();
  const std::string place = place_of(FactKind::kCounter, key);
  Fact* fact = find(place);
  if (fact == nullptr) {
    const Outcome<Fact*> made = make(place, 0, window);
    if (!made.ok()) return made.failure();
    fact = made.value();
  }
  if (by >= 0) {
    const auto more = static_cast<std::uint64_t>(by);
    fact->number = fact->number > UINT64_MAX - more ? UINT64_MAX : fact->number + more;
  } else {
    const std::uint64_t less = 0 - static_cast<std::uint64_t>(by);
    fact->number -= std::min(less, fact->number);
  }
  note(place, *fact);
  // Rounded up: who waits so long finds the window ended.
  return model::Count{fact->number, std::chrono::ceil<std::chrono::seconds>(left(*fact))};
}

Outcome<std::optional<std::string>> StateMemory::get(const std::string& key) {
  const Fact* fact = find(place_of(FactKind::kValue, key));
  if (fact == nullptr) return std::optional<std::string>();
  return std::optional<std::string>(fact->value);
}

Outcome<void> StateMemory::set(const std::string& key, std::string value,
                               std::chrono::seconds life) {
  const Outcome<void> checked = check(key, value.size(), life);
  if (!checked.ok()) return checked;
  const std::string place = place_of(FactKind::kValue, key);
  Group& group = group_of(place);
  Fact* fact = find(place);
  if (fact == nullptr) {
    const Outcome<Fact*> made = make(place, value.size(), life);
    if (!made.ok()) return made.failure();
    fact = made.value();
  } else {
    if (value.size() > fact->value.size() &&
        group.octets + value.size() - fact->value.size() > group.most_octets)
      return Failure{Fault::kOverLimit, "there is no more room for state", ""};
    prolong(*fact, life, life);
  }
  group.octets += value.size();
  group.octets -= fact->value.size();
  fact->value = std::move(value);
  note(place, *fact);
  return {};
}

Outcome<bool> StateMemory::set_if_absent(const std::string& key, std::string value,
                                         std::chrono::seconds life) {
  if (find(place_of(FactKind::kValue, key)) != nullptr) return false;
  const Outcome<void> done = set(key, std::move(value), life);
  if (!done.ok()) return done.failure();
  return true;
}

Outcome<void> StateMemory::remove(const std::string& key) {
  for (const FactKind kind : {FactKind::kCounter, FactKind::kValue}) {
    const auto found = facts_.find(place_of(kind, key));
    if (found != facts_.end()) drop(found);
  }
  return {};
}

Outcome<bool> StateMemory::lock(const std::string& key, const std::string& owner,
                                std::chrono::seconds life) {
  const Outcome<void> checked = check(key, owner.size(), life);
  if (!checked.ok()) return checked.failure();
  const std::string place = place_of(FactKind::kLock, key);
  Fact* fact = find(place);
  if (fact != nullptr && fact->value != owner) return false;
  if (fact == nullptr) {
    const Outcome<Fact*> made = make(place, owner.size(), life);
    if (!made.ok()) return made.failure();
    fact = made.value();
    fact->value = owner;
    group_of(place).octets += owner.size();
  } else {
    prolong(*fact, life, life);
  }
  note(place, *fact);
  return true;
}

Outcome<void> StateMemory::unlock(const std::string& key, const std::string& owner) {
  const auto found = facts_.find(place_of(FactKind::kLock, key));
  if (found != facts_.end() && found->second.value == owner) drop(found);
  return {};
}

std::size_t StateMemory::sweep(std::size_t most) {
  std::size_t swept = 0;
  const auto sweep_group = [&](Group& group) {
    for (const bool is_kept : {true, false}) {
      Ends& ends = group.ends(is_kept);
      const Span now = time(is_kept);
      while (swept < most && !ends.empty() && ends.begin()->first <= now) {
        drop(facts_.find(*ends.begin()->second));
        ++swept;
      }
    }
  };
  sweep_group(counters_);
  sweep_group(values_);
  for (Group& room : rooms_) sweep_group(room);
  return swept;
}

std::vector<FactRow> StateMemory::take_changes(std::size_t most) {
  std::vector<FactRow> rows;
  while (!changed_.empty() && rows.size() < most) {
    auto taken = changed_.extract(changed_.begin());
    FactRow row;
    row.kind = kind_of(taken.value());
    row.key = taken.value().substr(1);
    const auto found = facts_.find(taken.value());
    row.gone = found == facts_.end();
    if (!row.gone) {
      const Fact& fact = found->second;
      row.value = row.kind == FactKind::kCounter ? std::to_string(fact.number) : fact.value;
      row.ends_ms = std::chrono::duration_cast<std::chrono::milliseconds>(fact.ends).count();
      row.life_ms = std::chrono::ceil<std::chrono::milliseconds>(fact.life).count();
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void StateMemory::return_changes(const std::vector<FactRow>& rows) {
  for (const FactRow& row : rows) mark(place_of(row.kind, row.key));
}

void StateMemory::restore(const FactRow& row) {
  using std::chrono::milliseconds;
  const milliseconds until(row.ends_ms - unix_milliseconds(clock_.wall()));
  const milliseconds life = row.life_ms > 0 ? milliseconds(row.life_ms) : until;
  if (until <= milliseconds(0) || life > kLongest) return;
  const std::string place = place_of(row.kind, row.key);
  if (find(place) != nullptr || changed_.contains(place)) return;
  const std::size_t octets = row.kind == FactKind::kCounter ? 0 : row.value.size();
  const Outcome<Fact*> made = make(place, octets, life, true);
  if (!made.ok()) return;
  Fact& fact = *made.value();
  // It may be the calendar of a start that is wrong, and not the file.
  if (until > life)
    shortened_.insert(place);
  else
    prolong(fact, life, until);
  if (row.kind == FactKind::kCounter) {
    fact.number = parse_number(row.value).value_or(0);
  } else {
    fact.value = row.value;
    group_of(place).octets += row.value.size();
  }
}

void StateMemory::trust_calendar() {
  for (const std::string& place : shortened_)
    if (facts_.contains(place)) mark(place);
  shortened_.clear();
}

}  // namespace fwd::state
