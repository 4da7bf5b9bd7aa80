#ifndef FWD_MODEL_MESSAGE_H
#define FWD_MODEL_MESSAGE_H

// One stored message as columns.  The daemon that took the message in worked
// every column out once (format/outline.h); keepers copy them unread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "format/packed_message.h"
#include "model/flags.h"
#include "model/folder.h"

namespace fwd::model {

// What a reader wants of each message; ask for little.
enum Column : std::uint32_t {
  kColFlags = 1U << 0,          // flags
  kColModSeq = 1U << 1,         // modseq
  kColInternalDate = 1U << 2,   // internal_date
  kColSize = 1U << 3,           // size
  kColSaveDate = 1U << 4,       // save_date
  kColIds = 1U << 5,            // email_id, thread_id
  kColEnvelope = 1U << 6,       // envelope
  kColBody = 1U << 7,           // body
  kColBodyStructure = 1U << 8,  // body_structure
  kColParts = 1U << 9,          // parts
  kColPreview = 1U << 10,       // preview
  kColSearchHead = 1U << 11,    // search_head
  kColSearchBody = 1U << 12,    // search_body
  kColSentDate = 1U << 13,      // sent_date
  kColContent = 1U << 14,       // chunks, when the message has at most kInlineContent octets
};

// A message up to this size travels whole in its row; a longer one is read
// with Mailbox::read_content().
inline constexpr std::uint64_t kInlineContent = 64 * 1024;

struct MessageRow {
  Uid uid = 0;
  ModSeq modseq = 0;
  Flags flags;
  std::int64_t internal_date = 0;  // seconds since 1970 UTC
  std::int64_t save_date = 0;      // when it came into this folder (RFC 8514)
  std::uint64_t size = 0;          // octets of the message as it came
  std::string email_id;            // 24 hex digits, kept by COPY and MOVE (RFC 8474)
  std::string thread_id;           // 24 hex digits
  format::OutlineColumns outline;  // the columns asked for are filled
  bool has_content = false;        // chunks hold the whole message
  std::vector<format::PackedChunk> chunks;
};

}  // namespace fwd::model

#endif
