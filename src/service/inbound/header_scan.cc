// Scans a header block.
#include "service/inbound/header_scan.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::service {
namespace {

// The place behind the line that begins at `at`.
std::size_t line_end(std::string_view text, std::size_t at) {
  const auto lf = text.find('\n', at);
  return lf == std::string_view::npos ? text.size() : lf + 1;
}

// field-name = 1*ftext, any printable but ":" (RFC 5322 §3.6.8); obsolete
// syntax lets white space stand before the colon (RFC 5322 §4.5).
std::string_view field_name(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const auto name = trim(line.substr(0, colon));
  const bool valid =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
  return valid ? name : std::string_view{};
}

}  // namespace

HeaderScan scan_header(std::string_view message) {
  HeaderScan found;
  std::size_t at = 0;
  while (at < message.size()) {
    const std::size_t begin = at;
    at = line_end(message, at);
    const auto name = field_name(message.substr(begin, at - begin));
    if (name.empty()) break;
    while (at < message.size() && (message[at] == ' ' || message[at] == '\t'))
      at = line_end(message, at);
    if (same_word(name, "Received")) ++found.received;
    if (same_word(name, "X-Original-To")) found.has_original_to = true;
    if (same_word(name, "Return-Path")) found.return_paths.emplace_back(begin, at);
  }
  return found;
}

}  // namespace fwd::service
