// Writes one string for IMAP.
#include "format/wire_string.h"

#include <algorithm>

#include "format/quoted_string.h"

namespace fwd::format {

void append_string(std::string& out, std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](char c) { return (c >= ' ' && c < 127) || c == '\t'; });
  if (plain) {
    append_quoted(out, text);
    return;
  }
  std::string octets(text);
  std::erase(octets, '\0');
  out += '{' + std::to_string(octets.size()) + "}\r\n";
  out += octets;
}

}  // namespace fwd::format
