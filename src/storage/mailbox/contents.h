#ifndef FWD_STORAGE_MAILBOX_CONTENTS_H
#define FWD_STORAGE_MAILBOX_CONTENTS_H

// What copies of a message share: its chunks and its outline.  Freed when the
// last message that uses it is gone; counted once against the quota.

#include <cstdint>

#include "core/outcome.h"
#include "format/packed_message.h"
#include "storage/mailbox/change.h"

namespace fwd::mailbox {

// Octets on disk that `message` will be counted with.
std::uint64_t stored_octets(const format::PackedMessage& message);

// kBadInput: its chunks do not make up a message; kOverLimit: too large.
Outcome<void> check_message(const format::PackedMessage& message, const Limits& limits);

// Stores a checked message once, used by one; gives the content's id, which is
// never given again.
Outcome<std::int64_t> add_content(Change& change, const format::PackedMessage& message);
// One message more uses it.
Outcome<void> share_content(Change& change, std::int64_t content);
// One message less uses it.
Outcome<void> release_content(Change& change, std::int64_t content);

// The row of chunk `number` of a content; `number` below 2^20.
inline std::int64_t chunk_row(std::int64_t content, std::int64_t number) {
  return (content << 20) + number;
}

}  // namespace fwd::mailbox

#endif
