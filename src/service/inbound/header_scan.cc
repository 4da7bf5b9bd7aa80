// Scans a header block.
#include "service/inbound/header_scan.h"

#include "core/text.h"
#include "format/header_lines.h"
#include "mailauth/results/forged_results.h"
#include "mailauth/signatures/message_view.h"
#include "scan/header_lines.h"

namespace fwd::service {
namespace {

// No honest header comes near; one without end must not hold up other sessions.
constexpr std::size_t kMostScanned = 1024 * 1024;

// Fields that only we may write, see verdict_lines.h.
bool is_verdict(std::string_view name) {
  return same_word(name, "X-Forward-Email-Verdict") || same_word(name, "X-Forward-Email-Sender") ||
         scan::is_scan_field(name);
}

// What those who read CRLF alone take for the header.
std::string_view strict_header(std::string_view message) {
  return message.substr(0, message.starts_with("\r\n") ? 0 : message.find("\r\n\r\n"));
}

}  // namespace

HeaderScan scan_header(std::string_view message, const std::vector<std::string>& own_names) {
  HeaderScan found;
  const std::string_view strict = strict_header(message);
  found.is_torn =
      mailauth::has_bare_line_end(strict) || strict.find('\0') != std::string_view::npos;
  found.is_too_large = strict.size() > kMostScanned;
  format::HeaderLines lines(message.substr(0, kMostScanned));
  std::size_t end = 0;
  while (const auto line = lines.next()) {
    const std::size_t begin = end;
    end += line->raw.size();
    const std::string_view name = line->name;
    if (name.empty()) continue;  // no field, but some may follow
    if (same_word(name, "Received")) ++found.received;
    if (same_word(name, "X-Original-To")) found.has_original_to = true;
    const bool is_forged = mailauth::is_forged_results(*line, own_names);
    if (same_word(name, "Return-Path") || is_forged) found.not_forwarded.emplace_back(begin, end);
    if (same_word(name, "Return-Path") || is_forged || is_verdict(name))
      found.not_stored.emplace_back(begin, end);
  }
  return found;
}

}  // namespace fwd::service
