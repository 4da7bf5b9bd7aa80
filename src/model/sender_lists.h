#ifndef FWD_MODEL_SENDER_LISTS_H
#define FWD_MODEL_SENDER_LISTS_H

// SenderLists: who is let in or kept out by name, beyond the configured lists;
// put there by the operator, or by what was learned of mail that came.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd::model {

enum class ListKind : std::uint8_t { kAllow = 1, kDeny = 2 };

struct ListedSender {
  ListKind kind = ListKind::kDeny;
  // An IP address, a network in CIDR form, a host or domain name (A-labels, lower
  // case; holds for names below it), "*.tld", or a mail address.
  std::string value;
  std::string reason;        // for people; at most 500 octets
  bool is_learned = false;   // by the daemon, not by the operator
  std::int64_t created = 0;  // milliseconds since 1970
  std::int64_t expires = 0;  // 0: never
};

inline constexpr std::size_t kMostListedAsked = 200;
inline constexpr std::size_t kMostListedPage = 1000;
inline constexpr std::size_t kMostListedReason = 500;

// The one spelling of a value: addresses of hosts and of people in lower case,
// names as A-labels, networks without bits behind their prefix.  kBadInput says
// what is wrong with it.
Outcome<std::string> listed_value(std::string_view written);

class SenderLists {
 public:
  virtual ~SenderLists() = default;
  // Entries in force whose value is one of `values` (at most 200), exactly: who
  // asks names the domains above and the networks around by himself.
  virtual Task<Outcome<std::vector<ListedSender>>> find_listed(std::vector<std::string> values) = 0;
  // Adds, or replaces the one of that kind and value, `created` is now; but what
  // was learned never replaces what the operator said: that is then given back.
  // kBadInput names the field; kOverLimit: the lists are full, of which what was
  // learned may take half.
  virtual Task<Outcome<ListedSender>> put_listed(ListedSender entry) = 0;
  // kNotFound.
  virtual Task<Outcome<void>> remove_listed(ListKind kind, std::string value) = 0;
  // By value, above `after`, at most 1000.
  virtual Task<Outcome<std::vector<ListedSender>>> list_listed(ListKind kind,
                                                               std::string after) = 0;
};

}  // namespace fwd::model

#endif
