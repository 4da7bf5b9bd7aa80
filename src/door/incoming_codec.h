#ifndef FWD_DOOR_INCOMING_CODEC_H
#define FWD_DOOR_INCOMING_CODEC_H

// A message on its way into a closed mailbox, as the octets that are sealed.

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "storage/mailbox/incoming.h"

namespace fwd::door {

std::string encode_incoming(const mailbox::Incoming& incoming);
Outcome<mailbox::Incoming> decode_incoming(std::string_view octets);

}  // namespace fwd::door

#endif
