// Reads Content-Type and Content-Disposition.
#include "format/structured_field.h"

#include <gmime/gmime.h>

#include "core/text.h"
#include "format/gmime_once.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostParameters = 100;
constexpr std::size_t kMostValue = 8192;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.front(); }
  void skip(std::size_t n = 1) { rest_.remove_prefix(n); }

  // CFWS = spaces, folds and nested comments (RFC 5322 §3.2.2).
  void skip_spaces() {
    std::size_t depth = 0;
    while (!done()) {
      const char c = peek();
      if (c == '(') {
        ++depth;
      } else if (depth > 0 && c == ')') {
        --depth;
      } else if (depth > 0 && c == '\\' && rest_.size() > 1) {
        skip();
      } else if (depth == 0 && !is_space(c)) {
        return;
      }
      skip();
    }
  }

  // Octets up to a space or one of `ends`.
  std::string_view word(std::string_view ends) {
    std::size_t n = 0;
    while (n < rest_.size() && !is_space(rest_[n]) && ends.find(rest_[n]) == ends.npos) ++n;
    return take(n);
  }

  std::string quoted() {
    std::string out;
    for (skip(); !done(); skip()) {
      char c = peek();
      if (c == '"') {
        skip();
        break;
      }
      if (c == '\\' && rest_.size() > 1) {
        skip();
        c = peek();
      }
      if (c != '\r' && c != '\n' && c != '\0') out += c;
    }
    return out;
  }

  // An unquoted value: to the next ";", so that a file name with spaces that
  // should have been quoted stays whole; a comment after it is dropped.
  std::string bare() {
    std::size_t n = std::min(rest_.find(';'), rest_.size());
    for (std::size_t i = 1; i < n; ++i)
      if (rest_[i] == '(' && is_space(rest_[i - 1])) n = i;
    std::string out;
    for (const char c : take(n))
      if (c != '\r' && c != '\n' && c != '\0') out += c;
    return std::string(trim(out));
  }

  void skip_to_semicolon() { skip(std::min(rest_.find(';'), rest_.size())); }

 private:
  static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
  }

  std::string_view take(std::size_t n) {
    const std::string_view out = rest_.substr(0, n);
    skip(n);
    return out;
  }

  std::string_view rest_;
};

}  // namespace

StructuredField parse_structured_field(std::string_view value) {
  StructuredField field;
  Scanner in(value);
  in.skip_spaces();
  field.word = to_lower(in.word("/;("));
  in.skip_spaces();
  if (!in.done() && in.peek() == '/') {
    in.skip();
    in.skip_spaces();
    field.word += '/';
    field.word += to_lower(in.word(";("));
  }
  while (field.parameters.size() < kMostParameters) {
    in.skip_to_semicolon();
    if (in.done()) break;
    in.skip();
    in.skip_spaces();
    FieldParameter parameter;
    parameter.name = to_lower(in.word("=;("));
    in.skip_spaces();
    if (in.done() || in.peek() != '=') continue;
    in.skip();
    in.skip_spaces();
    if (in.done()) break;
    parameter.value = in.peek() == '"' ? in.quoted() : in.bare();
    if (parameter.value.size() > kMostValue) parameter.value.resize(kMostValue);
    if (!parameter.name.empty()) field.parameters.push_back(std::move(parameter));
  }
  return field;
}

std::optional<std::string> StructuredField::parameter(std::string_view name) const {
  std::string pieces;  // the RFC 2231 ones, for GMime to join and decode
  for (const FieldParameter& each : parameters) {
    if (each.name == name) return each.value;
    if (each.name.size() <= name.size() || !each.name.starts_with(name) ||
        each.name[name.size()] != '*')
      continue;
    char* quoted = g_mime_utils_quote_string(each.value.c_str());
    if (!pieces.empty()) pieces += "; ";
    const bool plain = each.name.back() == '*';  // extended values are never quoted
    pieces += each.name + "=" + (plain ? each.value : std::string(quoted));
    g_free(quoted);
  }
  if (pieces.empty()) return std::nullopt;
  start_gmime();
  GMimeParamList* list = g_mime_param_list_parse(nullptr, pieces.c_str());
  if (list == nullptr) return std::nullopt;
  std::optional<std::string> found;
  GMimeParam* decoded = g_mime_param_list_get_parameter(list, std::string(name).c_str());
  if (decoded != nullptr) found = g_mime_param_get_value(decoded);
  g_object_unref(list);
  return found;
}

}  // namespace fwd::format
