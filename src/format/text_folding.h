#ifndef FWD_FORMAT_TEXT_FOLDING_H
#define FWD_FORMAT_TEXT_FOLDING_H

// Folding of long texts, beside fold_for_search() of outline.h.

#include <string>
#include <string_view>

namespace fwd::format {

// fold_for_search() that stops after about `most` octets of result: some
// characters fold to eleven times their size.
std::string fold_at_most(std::string_view text, std::size_t most);

}  // namespace fwd::format

#endif
