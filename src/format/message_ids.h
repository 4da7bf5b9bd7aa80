#ifndef FWD_FORMAT_MESSAGE_IDS_H
#define FWD_FORMAT_MESSAGE_IDS_H

// The message ids that tie a message to a thread (RFC 5322 §3.6.4).

#include <string>
#include <vector>

#include "format/header_block.h"

namespace fwd::format {

// Message-ID, In-Reply-To, References, in this order, each id once and without
// angle brackets; at most 100, none longer than 998 octets.
std::vector<std::string> collect_message_ids(const HeaderBlock& header);

}  // namespace fwd::format

#endif
