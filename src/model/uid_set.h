#ifndef FWD_MODEL_UID_SET_H
#define FWD_MODEL_UID_SET_H

// A set of message numbers kept as sorted, disjoint, non-adjacent closed
// ranges.  Used for UIDs, for sequence numbers, and for what was expunged.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::model {

using Uid = std::uint32_t;

struct UidRange {
  Uid first = 0;
  Uid last = 0;
  bool operator==(const UidRange&) const = default;
};

class UidSet {
 public:
  UidSet() = default;
  UidSet(std::initializer_list<UidRange> ranges);
  static UidSet all() { return UidSet{{1, UINT32_MAX}}; }

  void add(Uid uid) { add(uid, uid); }
  void add(Uid first, Uid last);  // either order; 0 is ignored
  bool contains(Uid uid) const;
  bool empty() const { return ranges_.empty(); }
  std::uint64_t count() const;
  Uid lowest() const { return ranges_.front().first; }
  Uid highest() const { return ranges_.back().last; }
  const std::vector<UidRange>& ranges() const { return ranges_; }
  UidSet intersect(const UidSet& other) const;

  // "1:3,5", the form of a sequence-set (RFC 9051 §9) without "*".
  std::string text() const;
  // Reads that form, at most `most_ranges` ranges; nothing on any other octet.
  static std::optional<UidSet> parse(std::string_view text, std::size_t most_ranges);

  bool operator==(const UidSet&) const = default;

 private:
  std::vector<UidRange> ranges_;
};

}  // namespace fwd::model

#endif
