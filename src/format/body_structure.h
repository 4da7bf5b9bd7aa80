#ifndef FWD_FORMAT_BODY_STRUCTURE_H
#define FWD_FORMAT_BODY_STRUCTURE_H

// BODY and BODYSTRUCTURE (RFC 9051 §7.5.2) of a tree of parts.

#include <string>
#include <vector>

#include "format/part_walker.h"

namespace fwd::format {

// BODYSTRUCTURE with `extended`, BODY without.  Parameters as in the message,
// names in lower case; text without a charset says us-ascii (RFC 2045 §5.2).
std::string make_body_structure(const std::vector<PartNode>& nodes, bool extended);

}  // namespace fwd::format

#endif
