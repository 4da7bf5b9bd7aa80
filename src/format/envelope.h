#ifndef FWD_FORMAT_ENVELOPE_H
#define FWD_FORMAT_ENVELOPE_H

// ENVELOPE (RFC 9051 §7.5.2): ten fields of a message's header.

#include <string>

#include "format/header_block.h"

namespace fwd::format {

// With its parentheses.  Values as in the message, unfolded; absent ones NIL;
// Sender and Reply-To default to From; an address without a domain has the
// host "", as NIL would make it a group.  At most 1000 addresses a field.
std::string make_envelope(const HeaderBlock& header);

}  // namespace fwd::format

#endif
