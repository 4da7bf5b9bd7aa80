#ifndef FWD_PROTOCOL_IMAP_MESSAGE_PACKER_H
#define FWD_PROTOCOL_IMAP_MESSAGE_PACKER_H

// Working out a large message elsewhere than on the thread that serves
// everybody: what a daemon may lend its sessions.

#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "format/packed_message.h"

namespace fwd::imap {

class MessagePacker {
 public:
  virtual ~MessagePacker() = default;
  // format::pack_message() of `message`.
  virtual Task<Outcome<format::PackedMessage>> pack(std::string message) = 0;
};

}  // namespace fwd::imap

#endif
