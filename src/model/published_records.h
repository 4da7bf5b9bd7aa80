#ifndef FWD_MODEL_PUBLISHED_RECORDS_H
#define FWD_MODEL_PUBLISHED_RECORDS_H

// What the DNS must say so that mail comes to a domain and what it sends is
// believed: one list, for whoever shows it, exports it or checks it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "model/records.h"

namespace fwd::model {

struct PublishedRecord {
  std::string name;            // whole, A-labels, without the last dot
  std::string type;            // "MX", "TXT", "CNAME"
  std::uint16_t priority = 0;  // of MX
  std::string value;           // TXT: all its strings as one; else a name as above
  std::string purpose;         // one word: "mx", "spf", "dkim", "return-path", "dmarc"
};

inline constexpr std::uint32_t kPublishedTtl = 3600;

// `mail_host`: the name of the host that takes and sends the domain's mail; it
// must have addresses itself, as an MX names no alias (RFC 2181 §10.3).  A key
// the domain has not got has no record.  kBadInput: a name is none.
Outcome<std::vector<PublishedRecord>> published_records(const Domain& domain,
                                                        std::string_view mail_host);

// One line of a master file (RFC 1035 §5.1).  The text of a TXT is cut into
// strings of at most 255 octets (RFC 1035 §3.3.14), which a reader joins again
// (RFC 6376 §3.6.2.2, RFC 7208 §3.3).
std::string zone_line(const PublishedRecord& record);

}  // namespace fwd::model

#endif
