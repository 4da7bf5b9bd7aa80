#ifndef FWD_FORMAT_PART_TABLE_H
#define FWD_FORMAT_PART_TABLE_H

// From the tree of parts to the table of section numbers (RFC 9051 §6.4.5.1).

#include <vector>

#include "format/outline.h"
#include "format/part_walker.h"

namespace fwd::format {

// An enclosed message that is a multipart has no number of its own: its parts
// are numbered below the message's.
std::vector<Part> make_part_table(const std::vector<PartNode>& nodes);

}  // namespace fwd::format

#endif
