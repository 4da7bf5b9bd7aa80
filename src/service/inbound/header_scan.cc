// Scans a header block.
#include "service/inbound/header_scan.h"

#include <algorithm>

#include "core/text.h"
#include "mailauth/forged_results.h"
#include "mailauth/message_view.h"
#include "scan/header_lines.h"

namespace fwd::service {
namespace {

// All Received lines of today's hops stand far before; a header without end
// must not hold up other sessions.
constexpr std::size_t kMostScanned = 1024 * 1024;

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

// Fields that only we may write, see verdict_lines.h.
bool is_verdict(std::string_view name) {
  return same_word(name, "X-Forward-Email-Verdict") || same_word(name, "X-Forward-Email-Sender") ||
         scan::is_scan_field(name);
}

// What those who read CRLF alone take for the header.
std::string_view strict_header(std::string_view message) {
  return message.substr(0, message.starts_with("\r\n") ? 0 : message.find("\r\n\r\n"));
}

bool is_folded(char first) { return first == ' ' || first == '\t'; }

}  // namespace

HeaderScan scan_header(std::string_view message, const std::vector<std::string>& own_names) {
  HeaderScan found;
  const std::string_view strict = strict_header(message);
  found.is_torn =
      mailauth::has_bare_line_end(strict) || strict.find('\0') != std::string_view::npos;
  std::size_t at = 0;
  const bool is_cut = message.size() > kMostScanned;
  message = message.substr(0, kMostScanned);
  // White space first would continue a line that is not there.
  if (!message.empty() && is_folded(message.front())) return found;
  while (at < message.size()) {
    const std::size_t begin = at;
    at = line_end(message, at);
    const auto name = field_name(message.substr(begin, at - begin));
    if (name.empty()) break;
    while (at < message.size() && is_folded(message[at])) at = line_end(message, at);
    if (is_cut && at == message.size()) break;  // half a field
    if (same_word(name, "Received")) ++found.received;
    if (same_word(name, "X-Original-To")) found.has_original_to = true;
    const bool is_forged =
        same_word(name, "Authentication-Results") &&
        !mailauth::find_forged(message.substr(begin, at - begin), own_names).empty();
    if (same_word(name, "Return-Path") || is_forged) found.not_forwarded.emplace_back(begin, at);
    if (same_word(name, "Return-Path") || is_forged || is_verdict(name))
      found.not_stored.emplace_back(begin, at);
  }
  return found;
}

}  // namespace fwd::service
