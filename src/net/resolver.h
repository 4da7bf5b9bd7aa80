#ifndef FWD_NET_RESOLVER_H
#define FWD_NET_RESOLVER_H

// Questions to the DNS, validated (RFC 4033 to 4035).

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd::net {

enum class DnsType : std::uint16_t {
  kA = 1,
  kCname = 5,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
  kTlsa = 52,
};

struct DnsAnswer {
  enum class Kind : std::uint8_t { kFound, kNoData, kNoName };
  Kind kind = Kind::kNoName;
  bool secure = false;             // proven by DNSSEC, the denial too
  std::string canonical_name;      // behind CNAMEs; empty without one
  std::vector<std::string> rdata;  // each record's data in wire form, names uncompressed
  std::uint32_t ttl = 0;           // seconds
};

class Resolver {
 public:
  virtual ~Resolver() = default;
  // `name`: A-labels, with or without the last dot; other printable ASCII than
  // hosts have is asked for, too, but no backslash.  Failures are temporary:
  // kUnavailable for SERVFAIL and bogus answers (the private text says which),
  // kTimeout; but kBadInput for what is no name.
  virtual Task<Outcome<DnsAnswer>> resolve(std::string name, DnsType type) = 0;
};

// Record data in wire form, read.  What is malformed is left out.
struct MxRecord {
  std::uint16_t preference = 0;
  std::string host;  // lower case, without the last dot; "" for the null MX (RFC 7505)
};
std::vector<MxRecord> mx_records(const DnsAnswer& answer);
// Addresses as text, of A and AAAA answers.
std::vector<std::string> addresses(const DnsAnswer& answer);
// Character strings joined (RFC 7208 §3.3).
std::vector<std::string> texts(const DnsAnswer& answer);
// Of CNAME and PTR answers.
std::vector<std::string> names(const DnsAnswer& answer);

}  // namespace fwd::net

#endif
