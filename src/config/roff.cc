// Escaping for roff.
#include "config/roff.h"

namespace fwd::config {
namespace {

constexpr std::string_view kSectionSign = "\xC2\xA7";

}  // namespace

std::string roff_word(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  while (!text.empty()) {
    if (text.starts_with(kSectionSign)) {
      out += "\\(sc";
      text.remove_prefix(kSectionSign.size());
      continue;
    }
    if (text.front() == '\\') {
      out += "\\e";
    } else if (text.front() == '-') {
      out += "\\-";
    } else if (text.front() == '"') {
      out += "\\(dq";
    } else {
      out += text.front();
    }
    text.remove_prefix(1);
  }
  return out;
}

std::string roff_sentences(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find(". ");
    out += roff_word(text.substr(0, end == std::string_view::npos ? end : end + 1));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 2);
  }
}

}  // namespace fwd::config
