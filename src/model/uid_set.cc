// Sets of message numbers as ranges.
#include "model/uid_set.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::model {

UidSet::UidSet(std::initializer_list<UidRange> ranges) {
  for (const UidRange& range : ranges) add(range.first, range.last);
}

void UidSet::add(Uid first, Uid last) {
  if (first > last) std::swap(first, last);
  if (last == 0) return;
  first = std::max<Uid>(first, 1);
  // The ranges that touch or overlap [first, last] melt into one.
  const auto begin =
      std::lower_bound(ranges_.begin(), ranges_.end(), first,
                       [](const UidRange& r, Uid value) { return r.last < value - 1; });
  auto end = begin;
  while (end != ranges_.end() && (last == UINT32_MAX || end->first <= last + 1)) {
    first = std::min(first, end->first);
    last = std::max(last, end->last);
    ++end;
  }
  ranges_.insert(ranges_.erase(begin, end), UidRange{first, last});
}

bool UidSet::contains(Uid uid) const {
  const auto at = std::lower_bound(ranges_.begin(), ranges_.end(), uid,
                                   [](const UidRange& r, Uid value) { return r.last < value; });
  return at != ranges_.end() && at->first <= uid;
}

std::uint64_t UidSet::count() const {
  std::uint64_t n = 0;
  for (const UidRange& range : ranges_) n += std::uint64_t{range.last} - range.first + 1;
  return n;
}

UidSet UidSet::intersect(const UidSet& other) const {
  UidSet out;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const Uid first = std::max(a->first, b->first);
    const Uid last = std::min(a->last, b->last);
    if (first <= last) out.ranges_.push_back({first, last});
    if (a->last < b->last) {
      ++a;
    } else {
      ++b;
    }
  }
  return out;
}

std::string UidSet::text() const {
  std::string out;
  for (const UidRange& range : ranges_) {
    if (!out.empty()) out += ',';
    out += std::to_string(range.first);
    if (range.last != range.first) out += ':' + std::to_string(range.last);
  }
  return out;
}

std::optional<UidSet> UidSet::parse(std::string_view text, std::size_t most_ranges) {
  UidSet out;
  const auto number = [](std::string_view digits) -> std::optional<Uid> {
    const auto value = parse_number(digits);
    if (!value || *value == 0 || *value > UINT32_MAX) return std::nullopt;
    return static_cast<Uid>(*value);
  };
  std::size_t seen = 0;
  for (;;) {
    if (++seen > most_ranges) return std::nullopt;
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    const std::size_t colon = item.find(':');
    const auto first = number(item.substr(0, colon));
    const auto last = colon == std::string_view::npos ? first : number(item.substr(colon + 1));
    if (!first || !last) return std::nullopt;
    out.add(*first, *last);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace fwd::model
