#ifndef FWD_FORMAT_ENCODED_WORDS_H
#define FWD_FORMAT_ENCODED_WORDS_H

// Header values as people read them.

#include <string>
#include <string_view>

namespace fwd::format {

// A raw field value unfolded, its encoded words decoded (RFC 2047 §6) and its
// 8-bit text taken for UTF-8 or else windows-1252; valid UTF-8 on one line always.
std::string decode_header_text(std::string_view value);

// UTF-8 as an unstructured field value: as it is when that is short printable
// ASCII and cannot be taken for encoded words, else in words of at most 75
// octets (RFC 2047 §2), folded.  Control characters become spaces.
std::string encode_header_text(std::string_view text);

}  // namespace fwd::format

#endif
