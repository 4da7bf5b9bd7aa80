#ifndef FWD_FORMAT_FORWARD_RECORD_H
#define FWD_FORMAT_FORWARD_RECORD_H

// Aliases that stand in the TXT records of a domain, as values:
//
//   forward-email=hello:friend@example.org,/^shop-(.+)$/:$1@example.net,!spam
//   forward-email-port=2525
//   forward-email-site-verification=m8d7o8K4Il
//
// All values of the first kind are one list, by commas; a "/" that begins an
// element opens an expression, in which commas are its own.  The elements:
//
//   name:destination        mail for that local part
//   /expression/gi:destination
//   destination             mail for every local part
//   !name  !!name  !!!name  no mail: said yes and dropped, later, never
//   !/expression/ …
//
// A destination is a mail address, a host (name or IP address: the local part is
// kept), or an http or https URL.  What stands in an element is taken apart here
// and not judged: whether it is an address is asked of who uses it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::format {

struct ForwardElement {
  enum class Kind : std::uint8_t {
    kName,     // `name` is a local part
    kPattern,  // `name` is "/expression/flags"
    kAny,      // every local part
    kBad,      // cannot be read: `name` is all of it
  };
  enum class Refusal : std::uint8_t { kNone, kIgnored, kSoft, kHard };  // by the number of "!"
  Kind kind = Kind::kBad;
  Refusal refusal = Refusal::kNone;
  std::string name;
  std::string destination;  // "" when refused
  bool operator==(const ForwardElement&) const = default;
};

// What the TXT records of one domain say under one prefix.
struct ForwardRecords {
  std::vector<std::string> values;         // of "PREFIX=", sorted: the DNS keeps no order
  std::vector<std::string> verifications;  // of "PREFIX-site-verification="
  std::optional<std::uint16_t> port;       // the least of "PREFIX-port="
  bool is_too_long = false;                // more than 100 records or 64 KB: not all was read
};
ForwardRecords read_forward_records(const std::vector<std::string>& texts, std::string_view prefix);

inline constexpr std::size_t kMostForwardElements = 1000;
// The elements of all values, in their order.  More than kMostForwardElements
// are kMostForwardElements + 1.
std::vector<ForwardElement> parse_forward_values(const std::vector<std::string>& values);

}  // namespace fwd::format

#endif
