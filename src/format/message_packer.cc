// Packs messages on the spot.
#include "format/message_packer.h"

#include "format/outline.h"

namespace fwd::format {

Task<Outcome<PackedMessage>> InlinePacker::pack(std::string message) {
  co_return pack_message(message);
}

}  // namespace fwd::format
