#ifndef FWD_FORMAT_WEB_ADDRESS_H
#define FWD_FORMAT_WEB_ADDRESS_H

// A URL (RFC 3986 §3) cut into what a request needs and what may be shown.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fwd::format {

struct WebAddress {
  std::string plain;           // the URL without name, password and fragment
  std::string host;            // as written, without a port
  std::string user, password;  // percent-decoded; empty when there are none
  std::vector<std::pair<std::string, std::string>> query;  // as written, undecoded
};

// Nothing for what is not "http://…" or "https://…" with a host, and for what
// has spaces or controls.
std::optional<WebAddress> parse_web_address(std::string_view url);

// How logs and journals name a webhook: its host, as everything else of a URL
// may be a secret.
std::string webhook_label(std::string_view url);

}  // namespace fwd::format

#endif
