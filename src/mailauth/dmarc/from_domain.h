#ifndef FWD_MAILAUTH_DMARC_FROM_DOMAIN_H
#define FWD_MAILAUTH_DMARC_FROM_DOMAIN_H

// The author domain of a message: what stands behind "@" in its header From
// (RFC 7489 §6.6.1).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

struct FromDomain {
  enum class Kind : std::uint8_t {
    kOne,             // one From with one domain, if in several addresses
    kNoField,         // no From at all
    kSeveralFields,   // more than one From
    kNoAddress,       // a From without any "@": empty, a group, a name alone
    kSeveralDomains,  // addresses of different domains
    kUnreadable,      // what nobody can read for sure, if in one of several fields; domains
                      // that are none, over 5 of them
  };
  Kind kind = Kind::kNoField;
  // One for kOne; what could be read for kSeveralFields and kSeveralDomains (RFC
  // 7489 §6.6.1: refuse such mail, or check each, see strictest()).  Each
  // once, as comparable_domain() gives them.
  std::vector<std::string> domains;

  // For the log and for a refusal: "the header has no From field"; "" for kOne.
  std::string_view problem() const;
};

// `header`: the block of header fields; what comes after its empty line is not
// looked at.  An address that stands outside of the angle brackets counts, too:
// `a@example.com <b@example.net>` has two domains, for some programs show one
// and some the other.
FromDomain from_domain(std::string_view header);

}  // namespace fwd::mailauth

#endif
