// Reads words, strings and names out of a command; parser_values.cc has
// numbers, sets, flags and dates.
#include "protocol/imap/parser.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/mutf7.h"
#include "protocol/imap/mailbox_name.h"

namespace fwd::imap {
namespace {

bool is_list_char(char c) { return is_astring_char(c) || c == '%' || c == '*'; }
bool is_tag_char(char c) { return is_astring_char(c) && c != '+'; }

}  // namespace

// ATOM-CHAR = <any CHAR except atom-specials>
bool is_atom_char(char c) {
  return c > ' ' && c < 0x7F && std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
}

bool is_astring_char(char c) { return is_atom_char(c) || c == ']'; }

bool find_literal_mark(std::string_view line, LiteralMark& out) {
  if (line.size() < 3 || line.back() != '}') return false;
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos) return false;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  out.synchronising = digits.empty() || digits.back() != '+';
  if (!out.synchronising) digits.remove_suffix(1);
  const auto octets = parse_number(digits);
  if (!octets) return false;
  out.octets = *octets;
  out.binary = open > 0 && line[open - 1] == '~';
  out.text_size = line.size() - open + (out.binary ? 1 : 0);
  return true;
}

bool is_broken_mark(std::string_view line, bool& synchronising) {
  LiteralMark mark;
  if (line.empty() || line.back() != '}' || find_literal_mark(line, mark)) return false;
  const std::size_t open = line.rfind('{');
  // No atom holds a "{", and a string that did would end behind it.
  if (open == std::string_view::npos || line.find('"', open) != std::string_view::npos)
    return false;
  synchronising = line[line.size() - 2] != '+';
  return true;
}

bool Parser::fail(std::string_view why) {
  if (error_.empty()) error_ = why;
  return false;
}

bool Parser::end() { return rest_.empty() || fail("Something is left at the end"); }

bool Parser::space() { return take(' ') || fail("A space is missing"); }

bool Parser::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

bool Parser::expect(char c) { return take(c) || fail(std::string("Expected '") + c + "'"); }

bool Parser::word(std::string_view word) {
  if (!starts_with_word(rest_, word)) return false;
  if (rest_.size() > word.size() && is_atom_char(rest_[word.size()]) && is_atom_char(word.back()))
    return false;
  rest_.remove_prefix(word.size());
  return true;
}

bool Parser::prefix(std::string_view text) {
  if (!starts_with_word(rest_, text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

bool Parser::chars(std::string& out, bool (*allowed)(char), std::string_view what) {
  std::size_t size = 0;
  while (size < rest_.size() && allowed(rest_[size])) ++size;
  if (size == 0) return fail(std::string("Expected ") + std::string(what));
  out.assign(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return true;
}

bool Parser::tag(std::string& out) { return chars(out, is_tag_char, "a tag"); }
bool Parser::atom(std::string& out) { return chars(out, is_atom_char, "an atom"); }

// quoted = DQUOTE *QUOTED-CHAR DQUOTE
bool Parser::quoted(std::string& out) {
  out.clear();
  rest_.remove_prefix(1);
  out.reserve(std::min(rest_.find('"'), rest_.size()));  // growing would leave parts of a password
  bool eight_bit = false;
  while (!rest_.empty()) {
    char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') {
      if (eight_bit && !utf8_) return fail("8-bit octets in a quoted string before ENABLE");
      if (eight_bit && !is_utf8(out)) return fail("A quoted string is not UTF-8");
      return true;
    }
    if (c == '\\') {
      c = peek();
      if (c != '"' && c != '\\') return fail("A wrong escape in a quoted string");
      rest_.remove_prefix(1);
    }
    if (c == '\r' || c == '\n' || c == '\0') return fail("A line end in a quoted string");
    eight_bit = eight_bit || static_cast<unsigned char>(c) >= 0x80;
    out += c;
  }
  return fail("A quoted string has no end");
}

// literal = "{" number64 ["+"] "}" CRLF *CHAR8 ; literal8 has a "~" before.
bool Parser::literal(std::string_view& out, bool& binary) {
  const std::size_t line_end = rest_.substr(0, 64).find("\r\n");
  LiteralMark mark;
  if (line_end == std::string_view::npos || !find_literal_mark(rest_.substr(0, line_end), mark) ||
      mark.text_size != line_end || mark.octets > rest_.size() - line_end - 2)
    return fail("Expected a literal");
  out = rest_.substr(line_end + 2, static_cast<std::size_t>(mark.octets));
  binary = mark.binary;
  rest_.remove_prefix(line_end + 2 + out.size());
  return true;
}

bool Parser::string(std::string& out) {
  if (peek() == '"') return quoted(out);
  if (peek() != '{') return fail("Expected a string");
  std::string_view view;
  bool binary = false;
  if (!literal(view, binary)) return false;
  if (view.find('\0') != std::string_view::npos) return fail("A NUL in a literal");
  out.assign(view);
  return true;
}

bool Parser::astring(std::string& out) {
  if (peek() == '"' || peek() == '{') return string(out);
  return chars(out, is_astring_char, "a string");
}

bool Parser::nstring(std::string& out, bool& nil) {
  nil = word("NIL");
  if (nil) return true;
  return string(out);
}

// Modified UTF-7 (RFC 3501 §5.1.3) or UTF-8, composed (RFC 5198 §2).
bool Parser::decode_name(std::string& name) {
  if (name.size() > limits_.name_length) return fail("The name is too long");
  if (!utf8_) {
    auto decoded = format::from_mutf7(name);
    if (!decoded) return fail("The name is not modified UTF-7");
    name = std::move(*decoded);
  }
  auto composed = format::compose_name(name);
  if (!composed) return fail("The name is not UTF-8, or holds a control character");
  name = std::move(*composed);
  return true;
}

bool Parser::mailbox(std::string& path) {
  if (!astring(path) || !decode_name(path)) return false;
  path = canonical_path(std::move(path));
  return true;
}

// list-mailbox = 1*list-char / string
bool Parser::list_mailbox(std::string& pattern) {
  if (peek() == '"' || peek() == '{') {
    if (!string(pattern)) return false;
  } else if (!chars(pattern, is_list_char, "a pattern")) {
    return false;
  }
  return decode_name(pattern);
}

}  // namespace fwd::imap
