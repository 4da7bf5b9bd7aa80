// Reads where a scanner listens.
#include "scan/endpoint.h"

#include "core/text.h"
#include "net/socket_address.h"

namespace fwd::scan {
namespace {

constexpr std::string_view kUnix = "unix:";

Failure not_an_endpoint(std::string_view text) {
  return Failure{Fault::kBadInput, "", "want unix:/path or host:port, not " + std::string(text)};
}

}  // namespace

Outcome<Endpoint> read_endpoint(std::string_view text) {
  Endpoint endpoint;
  if (text.starts_with(kUnix)) {
    endpoint.unix_path = text.substr(kUnix.size());
    const bool is_path = !endpoint.unix_path.empty() && endpoint.unix_path.front() == '/' &&
                         net::unix_socket_address(endpoint.unix_path).has_value();
    if (!is_path) return not_an_endpoint(text);
    return endpoint;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return not_an_endpoint(text);
  const auto port = parse_number(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != host.npos)
    return not_an_endpoint(text);
  if (host.empty() || !port || *port == 0 || *port > 65535) return not_an_endpoint(text);
  endpoint.host = host;
  endpoint.port = static_cast<std::uint16_t>(*port);
  return endpoint;
}

}  // namespace fwd::scan
