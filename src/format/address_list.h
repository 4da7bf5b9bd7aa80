#ifndef FWD_FORMAT_ADDRESS_LIST_H
#define FWD_FORMAT_ADDRESS_LIST_H

// Address lists of header fields (RFC 5322 §3.4) as ENVELOPE shows them: cut
// into pieces, quoting removed, encoded words and 8-bit text left as they are.
// GMime decodes names and cannot give them back undecoded, so this is ours.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::format {

struct ListedAddress {
  enum class Kind : std::uint8_t { kMailbox, kGroupBegin, kGroupEnd };
  Kind kind = Kind::kMailbox;
  std::optional<std::string> name;   // display name, or the comment in its place
  std::optional<std::string> route;  // "@a,@b" of an obsolete route
  std::string mailbox;               // local part; of kGroupBegin the group's name
  std::string host;                  // "" when the message gave none
};

// At most `most` entries of any text; what cannot be an address is passed over
// or shown as a mailbox without host.  Every group that begins ends.
std::vector<ListedAddress> parse_address_list(std::string_view value, std::size_t most);

}  // namespace fwd::format

#endif
