#ifndef FWD_FORMAT_DOMAIN_NAME_H
#define FWD_FORMAT_DOMAIN_NAME_H

// Domain names in their two spellings (RFC 5890 §2.3.2.1).

#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::format {

// "Bücher.Example" or "xn--bcher-kva.example." → "xn--bcher-kva.example": lower
// case A-labels without the last dot, letters, digits and hyphens only, labels
// of at most 63 octets and 253 in all (RFC 5321 §4.5.3.1.2).  kBadInput.
Outcome<std::string> domain_to_ascii(std::string_view domain);

// The U-label form of what domain_to_ascii() gave; a label that has none stays,
// and domain_to_ascii() leads back.
std::string domain_to_unicode(std::string_view ascii);

}  // namespace fwd::format

#endif
