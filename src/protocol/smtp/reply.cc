// Writes replies.
#include "protocol/smtp/reply.h"

#include <algorithm>

#include "core/text.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kLineLimit = 510;  // RFC 5321 §4.5.3.1.5, without CRLF

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
void append_line(std::string& out, const Reply& reply, std::string_view text, bool last) {
  const std::size_t begin = out.size();
  out += std::to_string(reply.code);
  out += last ? ' ' : '-';
  if (!reply.enhanced.empty()) out.append(reply.enhanced).push_back(' ');
  const std::size_t room = kLineLimit - (out.size() - begin);
  for (const char c : text.substr(0, room)) out += c >= ' ' && c <= '~' ? c : '?';
  out += "\r\n";
}

}  // namespace

std::string to_wire(const Reply& reply) {
  std::string out;
  const auto lines = split(reply.text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i)
    append_line(out, reply, lines[i], i + 1 == lines.size());
  if (lines.empty()) append_line(out, reply, "", true);
  return out;
}

}  // namespace fwd::smtp
