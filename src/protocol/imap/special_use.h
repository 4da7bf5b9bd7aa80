#ifndef FWD_PROTOCOL_IMAP_SPECIAL_USE_H
#define FWD_PROTOCOL_IMAP_SPECIAL_USE_H

// The names of special uses (RFC 6154 §2).

#include <string_view>

#include "model/folder.h"

namespace fwd::imap {

// "Sent" gives kSent; kNone for a name that is none.
model::SpecialUse special_use_by_name(std::string_view name);
// With its backslash; "" for kNone and kInbox.
std::string_view special_use_attribute(model::SpecialUse use);

}  // namespace fwd::imap

#endif
