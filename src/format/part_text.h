#ifndef FWD_FORMAT_PART_TEXT_H
#define FWD_FORMAT_PART_TEXT_H

// The decoded text of one text part.

#include <string>
#include <string_view>

#include "format/part_walker.h"

namespace fwd::format {

// UTF-8; HTML stripped to its text.  Looks at so much of the part that about
// `most` octets come out.  A charset we do not know, or none, is taken for
// UTF-8 or else windows-1252; of an encoding we do not know there is no text.
std::string read_part_text(std::string_view message, const PartNode& node, std::size_t most);

// The same, HTML left as it is.
std::string decode_part_text(std::string_view message, const PartNode& node, std::size_t most);

// `text` without what lies beyond `most` octets, cut between characters.
void cut_utf8(std::string& text, std::size_t most);

}  // namespace fwd::format

#endif
