// Takes "Re:", "[list]" and "(fwd)" off a subject.
#include "format/base_subject.h"

#include <optional>

#include "core/text.h"
#include "format/part_text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostOctets = 2000;

std::string one_spaced(std::string_view subject) {
  std::string out;
  for (const char c : subject) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space)
      out += c;
    else if (!out.ends_with(' '))
      out += ' ';
  }
  return out;
}

void skip_spaces(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

// subj-blob = "[" *BLOBCHAR "]" *WSP
bool skip_blob(std::string_view& text) {
  if (!text.starts_with('[')) return false;
  const std::size_t end = text.find_first_of("[]", 1);
  if (end == std::string_view::npos || text[end] != ']') return false;
  text.remove_prefix(end + 1);
  skip_spaces(text);
  return true;
}

// subj-leader = (*subj-blob subj-refwd) / WSP
// subj-refwd  = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
bool skip_leader(std::string_view& text) {
  if (text.starts_with(' ')) {
    skip_spaces(text);
    return true;
  }
  std::string_view rest = text;
  while (skip_blob(rest)) {
  }
  if (starts_with_word(rest, "fwd"))
    rest.remove_prefix(3);
  else if (starts_with_word(rest, "re") || starts_with_word(rest, "fw"))
    rest.remove_prefix(2);
  else
    return false;
  skip_spaces(rest);
  skip_blob(rest);
  if (!rest.starts_with(':')) return false;
  text = rest.substr(1);
  return true;
}

// subj-trailer = "(fwd)" / WSP
void skip_trailers(std::string_view& text) {
  for (;;) {
    if (text.ends_with(' '))
      text.remove_suffix(1);
    else if (text.size() >= 5 && same_word(text.substr(text.size() - 5), "(fwd)"))
      text.remove_suffix(5);
    else
      return;
  }
}

void skip_leaders(std::string_view& text) {
  for (bool again = true; again;) {
    again = skip_leader(text);
    std::string_view rest = text;
    if (skip_blob(rest) && !rest.empty()) {
      text = rest;
      again = true;
    }
  }
}

}  // namespace

std::string make_base_subject(std::string_view subject) {
  std::string spaced = one_spaced(subject.substr(0, kMostOctets + 4));
  cut_utf8(spaced, kMostOctets);
  std::string_view text = spaced;
  for (;;) {
    skip_trailers(text);
    skip_leaders(text);
    // "[fwd:" … "]": once more with what is inside.
    if (!starts_with_word(text, "[fwd:") || !text.ends_with(']')) break;
    text.remove_prefix(5);
    text.remove_suffix(1);
  }
  return std::string(text);
}

}  // namespace fwd::format
