#ifndef FWD_FORMAT_MESSAGE_PACKER_H
#define FWD_FORMAT_MESSAGE_PACKER_H

// Where a message is worked out and compressed: here and now, or, when it is
// long and a daemon lends threads for it, on one of those, so that no session
// waits for another's attachment.

#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "format/packed_message.h"

namespace fwd::format {

class MessagePacker {
 public:
  virtual ~MessagePacker() = default;
  // pack_message() of `message`.
  virtual Task<Outcome<PackedMessage>> pack(std::string message) = 0;
};

// On the spot.
class InlinePacker final : public MessagePacker {
 public:
  Task<Outcome<PackedMessage>> pack(std::string message) override;
};

}  // namespace fwd::format

#endif
