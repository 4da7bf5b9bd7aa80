#ifndef FWD_FORMAT_SEARCH_TEXT_H
#define FWD_FORMAT_SEARCH_TEXT_H

// What SEARCH looks in: see pack_message() in outline.h.

#include <string>
#include <string_view>
#include <vector>

#include "format/part_walker.h"

namespace fwd::format {

std::string make_search_head(const HeaderBlock& header);
std::string make_search_body(std::string_view message, const std::vector<PartNode>& nodes,
                             std::size_t most);

}  // namespace fwd::format

#endif
