// Decodes header values.
#include "format/encoded_words.h"

#include <gmime/gmime.h>

#include "core/text.h"
#include "format/gmime_once.h"
#include "format/header_lines.h"
#include "format/outline.h"

namespace fwd::format {
namespace {

// GMime looks far ahead for the end of what may be an encoded word; pieces of
// this size keep hostile text from making that expensive.
constexpr std::size_t kPiece = 4096;

std::string decode_piece(std::string_view piece) {
  const std::string text(piece);
  char* decoded = g_mime_utils_header_decode_text(nullptr, text.c_str());
  std::string out(decoded);
  g_free(decoded);
  return to_utf8(out, "utf-8").value_or("");
}

}  // namespace

std::string decode_header_text(std::string_view value) {
  std::string text = unfold(value);
  const bool words = text.find("=?") != std::string::npos;
  if (!is_utf8(text)) text = to_utf8(text, "windows-1252").value_or("");
  if (!words) return text;
  start_gmime();
  std::string out;
  std::string_view rest = text;
  while (rest.size() > kPiece) {
    std::size_t cut = rest.rfind(' ', kPiece);
    if (cut == std::string_view::npos || cut == 0) cut = kPiece;
    out += decode_piece(rest.substr(0, cut));
    rest.remove_prefix(cut);
  }
  return out + decode_piece(rest);
}

}  // namespace fwd::format
