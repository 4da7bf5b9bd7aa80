#ifndef FWD_FORMAT_PACKED_MESSAGE_H
#define FWD_FORMAT_PACKED_MESSAGE_H

// A message as it is stored and as it travels: worked out and compressed once,
// by the daemon that took it in, and unpacked by the daemon that gives it out.
// The door, which holds the keys, neither parses nor decompresses anything.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace fwd::format {

// Octets of a message that one chunk holds at most before compression.
inline constexpr std::size_t kChunkSize = 64 * 1024;

// One run of a message's octets.  Chunks follow one another without gaps; each
// can be unpacked by itself, so a part is read without the whole.
struct PackedChunk {
  std::uint64_t offset = 0;    // of its first octet in the message
  std::uint32_t raw_size = 0;  // octets when unpacked, at most kChunkSize
  std::string packed;          // a tag octet, then a zstd frame or, when not longer, the octets
};

// The columns worked out of a message (see outline.h, which fills them).
// Texts are as the wire wants them or packed by pack_text().
struct OutlineColumns {
  std::string envelope;                   // RFC 9051 §7.5.2 ENVELOPE, parentheses included
  std::string body;                       // BODY, the non-extensible form
  std::string body_structure;             // BODYSTRUCTURE
  std::string parts;                      // the part table, see encode_parts()
  std::string preview;                    // RFC 8970: at most 200 characters of UTF-8, plain
  std::string search_head;                // packed: one "name: value" line a header, see outline.h
  std::string search_body;                // packed: the text parts, see outline.h
  std::optional<std::int64_t> sent_date;  // Date: in seconds since 1970 UTC
  std::int32_t sent_zone = 0;             // its zone, minutes east of UTC
  bool operator==(const OutlineColumns&) const = default;
};

struct PackedMessage {
  std::uint64_t size = 0;  // octets of the message
  OutlineColumns outline;
  std::vector<PackedChunk> chunks;
  // For threading: this message's own id first (if it has one), then In-Reply-To and
  // References, without angle brackets, at most 100, each at most 998 octets.
  std::vector<std::string> message_ids;
  std::string base_subject;  // RFC 5256 §2.1
};

// Compresses `text`; unpack_text() gives it back.  An empty text packs to an
// empty string.
std::string pack_text(std::string_view text);
// kCorrupt when `packed` is not one of ours or would unpack to more than `most`.
Outcome<std::string> unpack_text(std::string_view packed, std::size_t most);

// Cuts and compresses `content`.
std::vector<PackedChunk> pack_chunks(std::string_view content);
// The octets of one chunk: exactly raw_size of them, or kCorrupt.
Outcome<std::string> unpack_chunk(const PackedChunk& chunk);

// The whole packed message as one run of octets and back: what rests sealed
// in the spool and travels beside a delivery.  The first octet is the record's
// version.  kCorrupt unless every field is there, chunks follow one another
// from 0 to `size`, and no octet is left over.
std::string encode_packed(const PackedMessage& message);
Outcome<PackedMessage> decode_packed(std::string_view encoded);

}  // namespace fwd::format

#endif
