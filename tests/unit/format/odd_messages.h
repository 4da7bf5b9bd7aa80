#ifndef FWD_TESTS_UNIT_FORMAT_ODD_MESSAGES_H
#define FWD_TESTS_UNIT_FORMAT_ODD_MESSAGES_H

// Messages as nobody should write them, and as everybody gets them.

#include <string>
#include <vector>

namespace fwd::format {

std::vector<std::string> odd_messages();
// `depth` multiparts, each inside the other, and a text at the bottom.
std::string nested_multiparts(std::size_t depth, bool same_prefix);
std::string nested_messages(std::size_t depth);
std::string many_parts(std::size_t count);
// A multipart of a text and one base64 attachment, about `octets` long.
std::string with_attachment(std::size_t octets);
// A text/plain message of about `octets`, as people write them.
std::string plain_message(std::size_t octets);

}  // namespace fwd::format

#endif
