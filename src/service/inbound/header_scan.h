#ifndef FWD_SERVICE_INBOUND_HEADER_SCAN_H
#define FWD_SERVICE_INBOUND_HEADER_SCAN_H

// What delivery must know of a message's header, found in one pass.  Nothing
// is decoded; any octets will do.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fwd::service {

struct HeaderScan {
  std::size_t received = 0;      // Received fields
  bool has_original_to = false;  // an X-Original-To field
  // A bare CR, a bare LF or a NUL before the first CRLF CRLF: programs differ on
  // where such a header ends, and on what is a field of it.
  bool is_torn = false;
  bool is_too_large = false;  // over a megabyte: only that much was looked at
  // [begin, end) of fields with their line ends, ascending: those that go when the
  // message is handed on, and those that go when it is stored.
  using Places = std::vector<std::pair<std::size_t, std::size_t>>;
  Places not_forwarded;  // Return-Path, and Authentication-Results in our name
  Places not_stored;     // these, and those by which we tell how it was judged
};

// Looks at the fields up to the first empty line, as all who read the message
// do: a line that is no field is passed over.  `own_names`: of our
// host and what else stands first in Authentication-Results of ours.
HeaderScan scan_header(std::string_view message, const std::vector<std::string>& own_names = {});

}  // namespace fwd::service

#endif
