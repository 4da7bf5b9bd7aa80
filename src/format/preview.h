#ifndef FWD_FORMAT_PREVIEW_H
#define FWD_FORMAT_PREVIEW_H

// The first words of a message (RFC 8970 §3.1).

#include <string>
#include <string_view>
#include <vector>

#include "format/part_walker.h"

namespace fwd::format {

// At most 200 characters of UTF-8 on one line, from the first text/plain that
// is no attachment and not blank, else from the first such text/html, else "".
std::string make_preview(std::string_view message, const std::vector<PartNode>& nodes);

}  // namespace fwd::format

#endif
