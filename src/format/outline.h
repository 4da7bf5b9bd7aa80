#ifndef FWD_FORMAT_OUTLINE_H
#define FWD_FORMAT_OUTLINE_H

// Works out of a message everything that listing, fetching, searching and
// threading will ever ask, once.  Any octets make an outline: what is not
// valid MIME is shown as text/plain or application/octet-stream, never refused.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "format/packed_message.h"

namespace fwd::format {

// Bounds on hostile input; what lies beyond is treated as opaque content.
struct OutlineLimits {
  std::size_t depth = 50;  // nesting of multiparts and messages
  std::size_t parts = 1000;
  std::size_t header_octets = 256 * 1024;  // of one header block that are looked at
  std::size_t header_fields = 1000;
  std::size_t search_octets = 1024 * 1024;  // of decoded text kept for SEARCH
};

// One body part, in the order of RFC 9051 §6.4.5.1 section numbers.  All
// offsets are octets from the start of the message.
struct Part {
  std::string section;             // "1", "2.1"; the root of a multipart message is ""
  std::string type;                // lower case, "text/plain", "multipart/mixed", "message/rfc822"
  std::string charset;             // of text parts, lower case, or ""
  std::string encoding;            // lower case: "7bit", "base64", …
  std::uint64_t header_begin = 0;  // its MIME header, with the empty line:
  std::uint64_t body_begin = 0;    // [header_begin, body_begin)
  std::uint64_t body_end = 0;      // its content: [body_begin, body_end)
  // For message/rfc822 and message/global: the enclosed message's header is
  // [body_begin, enclosed_body_begin), its text [enclosed_body_begin, body_end).
  std::uint64_t enclosed_body_begin = 0;
  std::uint64_t lines = 0;  // line ends in the content
  bool operator==(const Part&) const = default;
};

// For a message that is not multipart: parts[0] is section "1" with the
// message's own header.  Else parts[0] is section "" (the multipart itself).
std::string encode_parts(const std::vector<Part>& parts);
Outcome<std::vector<Part>> decode_parts(std::string_view encoded);

// The section's Part, or nullptr.  "" finds the root; "1" of a single-part
// message finds parts[0].
const Part* find_part(const std::vector<Part>& parts, std::string_view section);

// Outline and chunks of a whole message.
//
// search_head: for every header field of the top header block, in order,
//   lower-case name ": " then the value unfolded, encoded words decoded,
//   case-folded to UTF-8, then LF.
// search_body: decoded, case-folded text of all text/* parts (and the headers
//   of enclosed messages), LF between parts; CRs left out, of HTML what a
//   reader sees.
// Both are what IMAP SEARCH matches substrings in; fold_for_search() makes the
// needle comparable.
PackedMessage pack_message(std::string_view message, const OutlineLimits& limits = {});

// Neither search text is ever longer than this when unpacked.
inline constexpr std::size_t kMostSearchText = 8 * 1024 * 1024;

// Unicode case folding and composition (NFKC) of UTF-8; octets that are not
// UTF-8 pass unchanged.
std::string fold_for_search(std::string_view text);

// Undoes a Content-Transfer-Encoding ("base64", "quoted-printable", others
// unchanged) for BINARY (RFC 3516 §4.3); kBadInput for an unknown encoding.
Outcome<std::string> decode_content(std::string_view content, std::string_view encoding);

// Text in `charset` as UTF-8; octets that do not fit become U+FFFD.  Nothing
// when the charset is unknown.
std::optional<std::string> to_utf8(std::string_view text, std::string_view charset);

}  // namespace fwd::format

#endif
