#ifndef FWD_FORMAT_PART_WALKER_H
#define FWD_FORMAT_PART_WALKER_H

// The tree of MIME parts of a message with exact octet ranges (RFC 2046 §5.1).
//
// GMime tells no octet ranges of multiparts and enclosed messages, so this
// walk is ours.  It reads the message once, line by line; a line that may be a
// boundary is held against those of the open multiparts, innermost first, of
// which there are at most `depth`.  Time is linear, memory bounded by `parts`.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "format/header_block.h"
#include "format/outline.h"
#include "format/structured_field.h"

namespace fwd::format {

enum class PartKind : std::uint8_t { kLeaf, kMultipart, kMessage };

struct PartNode {
  PartKind kind = PartKind::kLeaf;
  std::uint64_t header_begin = 0;
  std::uint64_t body_begin = 0;
  std::uint64_t body_end = 0;
  std::uint64_t lines = 0;  // LFs in [body_begin, body_end)
  HeaderBlock header;
  std::string type;              // lower case, "text/plain"
  StructuredField content_type;  // as written; its word is not `type` when that was no good
  std::string encoding;          // lower case, "7bit" when not given
  std::size_t depth = 0;
  // Indices of children: of a multipart one or more; of a message exactly one,
  // whose header begins at this node's body_begin.
  std::vector<std::size_t> children;

  std::string_view media_type() const { return std::string_view(type).substr(0, type.find('/')); }
  std::string_view subtype() const { return std::string_view(type).substr(type.find('/') + 1); }
  bool is_text() const { return media_type() == "text"; }
};

// Parents before children, in message order; [0] is the message itself.
// A child's range lies in its parent's body.  Anything is some tree: a
// multipart without a usable boundary or without parts is text/plain, what
// lies too deep or is an encoded message is application/octet-stream.
std::vector<PartNode> walk_parts(std::string_view message, const OutlineLimits& limits);

}  // namespace fwd::format

#endif
