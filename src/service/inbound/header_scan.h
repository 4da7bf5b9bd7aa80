#ifndef FWD_SERVICE_INBOUND_HEADER_SCAN_H
#define FWD_SERVICE_INBOUND_HEADER_SCAN_H

// What delivery must know of a message's header, found in one pass.  Nothing
// is decoded; any octets will do.

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace fwd::service {

struct HeaderScan {
  std::size_t received = 0;      // Received fields
  bool has_original_to = false;  // an X-Original-To field
  // Where Return-Path fields stand, [begin, end) with their line ends, ascending.
  std::vector<std::pair<std::size_t, std::size_t>> return_paths;
};

// Looks at the fields up to the first empty line, or to the first line that
// cannot be one (RFC 5322 §2.2), within the first megabyte.
HeaderScan scan_header(std::string_view message);

}  // namespace fwd::service

#endif
