// Writes one string for IMAP.
#include "format/wire_string.h"

#include <algorithm>

namespace fwd::format {

void append_string(std::string& out, std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](char c) { return (c >= ' ' && c < 127) || c == '\t'; });
  if (plain) {
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
    return;
  }
  std::string octets(text);
  std::erase(octets, '\0');
  out += '{' + std::to_string(octets.size()) + "}\r\n";
  out += octets;
}

}  // namespace fwd::format
