// Words of strangers in header fields of ours.
#include "mailauth/results/field_writer.h"

#include <algorithm>

#include "core/text.h"
#include "format/domain_name.h"
#include "format/quoted_string.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLineOctets = 78;
constexpr std::size_t kLongestValue = 400;
constexpr std::size_t kLongestComment = 300;

// Printable ASCII of it; an address keeps its domain, if by another spelling.
std::string plain(std::string_view text, std::size_t most) {
  std::string out;
  const std::size_t at = text.rfind('@');
  const std::string_view domain = at == text.npos ? text : text.substr(at + 1);
  const auto ascii = is_ascii(domain) ? Outcome<std::string>(std::string(domain))
                                      : format::domain_to_ascii(domain);
  std::string spelled(text.substr(0, text.size() - domain.size()));
  spelled += ascii.ok() ? ascii.value() : std::string(domain);
  bool in_letter = false;  // of several octets
  for (const char c : spelled) {
    const bool is_high = static_cast<unsigned char>(c) >= 0x80;
    if (is_high && (static_cast<unsigned char>(c) & 0xc0) == 0x80 && in_letter) continue;
    in_letter = is_high;
    if (is_high)
      out += '?';
    else if (c == '\t')
      out += ' ';
    else if (c >= ' ' && c != 0x7f)
      out += c;
    if (out.size() == most) break;
  }
  return out;
}

bool is_atext(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
  for (const std::string_view atom : split(text, '.'))
    if (atom.empty() || !std::all_of(atom.begin(), atom.end(), is_atext)) return false;
  return true;
}

// pvalue: [ [ local-part ] "@" ] domain-name
bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == text.npos || (at > 0 && !is_dot_atom(text.substr(0, at)))) return false;
  const auto in_name = [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; };
  const std::string_view domain = text.substr(at + 1);
  return !domain.empty() && std::all_of(domain.begin(), domain.end(), in_name);
}

}  // namespace

bool is_keyword(std::string_view text) {
  return !text.empty() && is_alnum(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
  });
}

std::string written_value(std::string_view value) {
  std::string text = plain(value, kLongestValue);
  return is_token(text) || is_address(text) ? text : format::quoted(text);
}

std::string written_atom(std::string_view value) {
  std::string text = plain(value, kLongestValue);
  return is_dot_atom(text) ? text : format::quoted(text);
}

void FoldedWords::word(std::string_view text) {
  if (text.empty()) return;
  if (column_ + 1 + text.size() > kLineOctets && column_ > 1) {
    new_line();
  } else if (column_ > 1) {
    text_ += ' ';
    ++column_;
  }
  glue(text);
}

void FoldedWords::glue(std::string_view text) {
  text_ += text;
  column_ += text.size();
}

void FoldedWords::new_line() {
  text_ += "\r\n\t";
  column_ = 1;
}

void FoldedWords::comment(std::string_view text) {
  std::string words = "(";
  for (const char c : plain(text, kLongestComment)) {
    if (c == '(' || c == ')' || c == '\\') words += '\\';
    words += c;
  }
  if (words.size() == 1) return;
  words += ')';
  for (const std::string_view one : split(words, ' ')) word(one);
}

}  // namespace fwd::mailauth
