#ifndef FWD_FORMAT_ENCODED_WORDS_H
#define FWD_FORMAT_ENCODED_WORDS_H

// Header values as people read them.

#include <string>
#include <string_view>

namespace fwd::format {

// A raw field value unfolded, its encoded words decoded (RFC 2047 §6) and its
// 8-bit text taken for UTF-8 or else windows-1252; valid UTF-8 on one line always.
std::string decode_header_text(std::string_view value);

}  // namespace fwd::format

#endif
