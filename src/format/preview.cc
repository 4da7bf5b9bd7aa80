// Makes the preview.
#include "format/preview.h"

#include "format/part_text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostCharacters = 200;
constexpr std::size_t kLookedAt = 16 * 1024;  // octets of a part's text
constexpr std::size_t kMostTries = 10;        // blank parts passed over

bool is_attachment(const PartNode& node) {
  const HeaderField* field = node.header.find("content-disposition");
  return field != nullptr && parse_structured_field(field->value).word == "attachment";
}

// Runs of spaces and controls become one space; ends after kMostCharacters.
std::string first_words(std::string_view text) {
  std::string out;
  bool space = false;
  std::size_t characters = 0;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet <= ' ' || octet == 127) {
      space = !out.empty();
      continue;
    }
    if ((octet & 0xC0) != 0x80) {  // begins a character
      if (space && ++characters <= kMostCharacters) out += ' ';
      space = false;
      if (++characters > kMostCharacters) break;
    }
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string make_preview(std::string_view message, const std::vector<PartNode>& nodes) {
  for (const std::string_view type : {"text/plain", "text/html"}) {
    std::size_t tries = 0;
    for (const PartNode& node : nodes) {
      if (node.kind != PartKind::kLeaf || node.type != type || is_attachment(node)) continue;
      std::string words = first_words(read_part_text(message, node, kLookedAt));
      if (!words.empty()) return words;
      if (++tries == kMostTries) break;
    }
  }
  return {};
}

}  // namespace fwd::format
