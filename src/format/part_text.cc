// Decodes text parts.
#include "format/part_text.h"

#include "core/text.h"
#include "format/html_text.h"

namespace fwd::format {

void cut_utf8(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
}

std::string decode_part_text(std::string_view message, const PartNode& node, std::size_t most) {
  std::string_view content = message.substr(node.body_begin, node.body_end - node.body_begin);
  // base64 with its line ends takes less than 3/2, quoted-printable up to 3.
  const bool cut = content.size() / 3 > most;
  if (cut) content = content.substr(0, most * 3);
  Outcome<std::string> decoded = decode_content(content, node.encoding);
  if (!decoded.ok()) return {};
  std::string text = std::move(decoded).value();
  // The cut may have split a character.
  if (cut && text.size() > 4) cut_utf8(text, text.size() - 4);
  const std::string charset = node.content_type.parameter("charset").value_or("");
  std::optional<std::string> known;
  if (!charset.empty() && !same_word(charset, "us-ascii")) known = to_utf8(text, charset);
  if (!known) {
    cut_utf8(text, most);
    known = is_utf8(text) ? std::move(text) : to_utf8(text, "windows-1252");
  }
  text = std::move(known).value_or("");
  cut_utf8(text, most);
  return text;
}

std::string read_part_text(std::string_view message, const PartNode& node, std::size_t most) {
  std::string text = decode_part_text(message, node, most);
  if (node.subtype() == "html") text = html_to_text(text);
  cut_utf8(text, most);
  return text;
}

}  // namespace fwd::format
