#ifndef FWD_FORMAT_MESSAGE_IDS_H
#define FWD_FORMAT_MESSAGE_IDS_H

// The message ids that tie a message to a thread (RFC 5322 §3.6.4).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "format/header_block.h"

namespace fwd::format {

// Message-ID, In-Reply-To, References, in this order, each id once and without
// angle brackets; at most 100, none longer than 998 octets.
std::vector<std::string> collect_message_ids(const HeaderBlock& header);

// All "<…>" of such a field's value, without white space, so that who stores one and who
// asks for it spell it the same; without any the value itself, if it is one word, as
// "<word>".  At most `most`, none longer than 998 octets or with control characters.
std::vector<std::string> bracketed_ids(std::string_view value, std::size_t most);
// The first of them; "" when there is none.
std::string first_bracketed_id(std::string_view value);

}  // namespace fwd::format

#endif
