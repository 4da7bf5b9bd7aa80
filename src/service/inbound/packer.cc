// Packs messages on the spot.
#include "service/inbound/packer.h"

#include "format/outline.h"

namespace fwd::service {

Task<Outcome<format::PackedMessage>> InlinePacker::pack(std::string message) {
  co_return format::pack_message(message);
}

}  // namespace fwd::service
