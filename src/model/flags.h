#ifndef FWD_MODEL_FLAGS_H
#define FWD_MODEL_FLAGS_H

// The flags of one message: five system flags as bits, and keywords.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::model {

enum SystemFlag : std::uint8_t {  // RFC 9051 §2.3.2
  kSeen = 1,
  kAnswered = 2,
  kFlagged = 4,
  kDeleted = 8,
  kDraft = 16,
};

struct Flags {
  std::uint8_t system = 0;
  // "$Forwarded", "NonJunk", …: unique without regard to case, kept in the
  // spelling first seen in the mailbox, sorted.
  std::vector<std::string> keywords;

  bool has(SystemFlag flag) const { return (system & flag) != 0; }
  bool has_keyword(std::string_view keyword) const;
  // Adds in place; false when it was there.
  bool add_keyword(std::string_view keyword);
  bool remove_keyword(std::string_view keyword);
  bool operator==(const Flags&) const = default;
};

// How STORE changes flags (RFC 9051 §6.4.6).
enum class FlagChange : std::uint8_t { kReplace = 1, kAdd = 2, kRemove = 3 };

// Applies `change` with `flags` to `current`; true when something changed.
bool apply(FlagChange change, const Flags& flags, Flags& current);

}  // namespace fwd::model

#endif
