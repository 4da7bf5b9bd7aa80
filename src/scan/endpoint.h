#ifndef FWD_SCAN_ENDPOINT_H
#define FWD_SCAN_ENDPOINT_H

// Where a scanner listens, as options name it.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace fwd::scan {

struct Endpoint {
  std::string unix_path;  // else host and port
  std::string host;
  std::uint16_t port = 0;
};

// "unix:/path", "host:port", "192.0.2.1:3310" or "[::1]:3310"; kBadInput.
Outcome<Endpoint> read_endpoint(std::string_view text);

}  // namespace fwd::scan

#endif
