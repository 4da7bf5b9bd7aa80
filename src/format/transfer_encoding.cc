// Undoes a Content-Transfer-Encoding (RFC 2045 §6).
#include <gmime/gmime.h>

#include "core/text.h"
#include "format/outline.h"

namespace fwd::format {

Outcome<std::string> decode_content(std::string_view content, std::string_view encoding) {
  const std::string name = to_lower(encoding);
  if (name.empty() || name == "7bit" || name == "8bit" || name == "binary")
    return std::string(content);
  const bool base64 = name == "base64";
  if (!base64 && name != "quoted-printable")
    return Failure{Fault::kBadInput, "unknown content transfer encoding", {}};
  // Neither decoding ever makes text longer, but for a held-back "=" and what
  // follows it.
  std::string out(content.size() + 4, '\0');
  GMimeEncoding state;
  g_mime_encoding_init_decode(
      &state, base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  std::size_t size = g_mime_encoding_step(&state, content.data(), content.size(), out.data());
  // Padding that was forgotten; after padding that was not, it says nothing.
  const std::string_view rest = base64 ? "==" : "";
  size += g_mime_encoding_flush(&state, rest.data(), rest.size(), out.data() + size);
  out.resize(size);
  return out;
}

}  // namespace fwd::format
