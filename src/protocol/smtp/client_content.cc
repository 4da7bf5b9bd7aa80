// Checks and stuffs content on its way out.
#include "protocol/smtp/client_content.h"

namespace fwd::smtp {
namespace {

Failure bare_line_end() {
  return {Fault::kBadInput, "the message holds a bare CR or LF", "bare CR or LF in content"};
}

}  // namespace

bool LineEndGuard::pass(std::string_view octets) {
  for (const char c : octets) {
    if ((c == '\n') != cr_) good_ = false;
    cr_ = c == '\r';
    line_start_ = c == '\n';
    if (!good_) return false;
  }
  return good_;
}

Outcome<std::string> DotStuffer::stuff(std::string_view octets) {
  if (!guard_.pass(octets)) return bare_line_end();
  std::string out;
  out.reserve(octets.size() + octets.size() / 64 + 1);
  std::size_t at = 0;
  while (at < octets.size()) {
    if (line_start_ && octets[at] == '.') out += '.';
    const std::size_t lf = octets.find('\n', at);
    const std::size_t end = lf == std::string_view::npos ? octets.size() : lf + 1;
    out += octets.substr(at, end - at);
    line_start_ = lf != std::string_view::npos;
    at = end;
  }
  return out;
}

Outcome<std::string> DotStuffer::finish() const {
  if (!guard_.finish()) return bare_line_end();
  return std::string(line_start_ ? ".\r\n" : "\r\n.\r\n");
}

}  // namespace fwd::smtp
