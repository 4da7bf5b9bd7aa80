// Reads Authentication-Results.
#include <algorithm>

#include "core/text.h"
#include "format/header_lines.h"
#include "mailauth/results/authentication_results.h"
#include "mailauth/results/field_writer.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLongestField = 64 * 1024;
constexpr std::size_t kMostResults = 100;
constexpr std::size_t kMostProperties = 100;
constexpr int kMostDepth = 20;  // comments within comments

// Each reader takes what it wants and gives false, or nothing, when that is not
// there; the parse is then over.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  bool is_next(char c) const { return !done() && text_[at_] == c; }
  bool eat(char c) {
    if (!is_next(c)) return false;
    ++at_;
    return true;
  }

  // CFWS; the first comment's text is added to `comment` when that is empty.
  bool spaces(std::string* comment = nullptr) {
    while (!done()) {
      if (text_[at_] == ' ' || text_[at_] == '\t') {
        ++at_;
      } else if (text_[at_] == '(') {
        std::string text;
        if (!read_comment(text)) return false;
        if (comment != nullptr && comment->empty()) *comment = trim(text);
      } else {
        return true;
      }
    }
    return true;
  }

  std::string keyword() {
    std::string_view word = take([](char c) { return is_alnum(c) || c == '-' || c == '_'; });
    return to_lower(word);
  }
  std::string digits() { return std::string(take(is_digit)); }

  // value = token / quoted-string
  std::optional<std::string> value() {
    if (is_next('"')) return quoted();
    const std::string_view word = take([](char c) {
      return static_cast<unsigned char>(c) >= 0x80 || is_token(std::string_view(&c, 1));
    });
    if (word.empty()) return std::nullopt;
    return std::string(word);
  }

  // pvalue, and whatever else stands up to a space, a comment or ";".
  std::optional<std::string> pvalue() {
    std::string text;
    if (is_next('"')) {
      auto begin = quoted();
      if (!begin || !is_next('@')) return begin;
      text = std::move(*begin);  // a local part
    }
    text +=
        take([](char c) { return std::string_view(" \t;()\"").find(c) == std::string_view::npos; });
    return text;
  }

 private:
  template <typename Test>
  std::string_view take(Test fits) {
    const std::size_t begin = at_;
    while (!done() && fits(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::optional<std::string> quoted() {
    std::string text;
    for (++at_; !done(); ++at_) {
      if (text_[at_] == '"') return ++at_, text;
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
      text += text_[at_];
    }
    return std::nullopt;
  }

  bool read_comment(std::string& text) {
    int depth = 0;
    for (; !done(); ++at_) {
      char c = text_[at_];
      if (c == '(' && ++depth > kMostDepth) return false;
      if (c == '(' && depth == 1) continue;
      if (c == ')' && --depth == 0) return ++at_, true;
      if (c == '\\') {
        if (++at_ == text_.size()) return false;
        c = text_[at_];
      }
      text += c;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }

// methodspec = [CFWS] method [ [CFWS] "/" [CFWS] version ] [CFWS] "=" [CFWS] result
// `is_none` is set for the word "none" alone.
bool read_method(Reader& in, MethodResult& result, bool& is_none) {
  result.method = in.keyword();
  if (!is_keyword(result.method) || !in.spaces()) return false;
  if (result.method == "none" && (in.done() || in.is_next(';'))) {
    is_none = true;
    return true;
  }
  if (in.eat('/') && (!in.spaces() || in.digits().empty() || !in.spaces())) return false;
  if (!in.eat('=') || !in.spaces()) return false;
  result.word = in.keyword();
  return is_keyword(result.word);
}

// reasonspec = "reason" [CFWS] "=" [CFWS] value
// propspec   = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue
bool read_property(Reader& in, MethodResult& result) {
  std::string name = in.keyword();
  if (name.empty() || !in.spaces()) return false;
  if (in.eat('.')) {
    if (!in.spaces()) return false;
    const std::string property = in.keyword();
    if (property.empty() || !in.spaces()) return false;
    name += "." + property;
  }
  if (!in.eat('=') || !in.spaces()) return false;
  auto value = in.pvalue();
  if (!value) return false;
  if (name == "reason") {
    result.reason = std::move(*value);
    return true;
  }
  if (result.properties.size() >= kMostProperties) return false;
  result.properties.emplace_back(std::move(name), std::move(*value));
  return true;
}

bool read_result(Reader& in, MethodResult& result, bool& is_none) {
  if (!read_method(in, result, is_none)) return false;
  while (true) {
    if (!in.spaces(&result.comment)) return false;
    if (in.done() || in.is_next(';')) return true;
    if (is_none || !read_property(in, result)) return false;
  }
}

}  // namespace

// authres-payload = [CFWS] authserv-id [ CFWS authres-version ]
//                   ( no-result / 1*resinfo ) [CFWS]
std::optional<AuthenticationResults> parse_authentication_results(std::string_view value) {
  if (value.size() > kLongestField) return std::nullopt;
  const std::string text = format::unfold(value);
  if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  Reader in(text);
  if (!in.spaces()) return std::nullopt;
  AuthenticationResults found;
  auto id = in.value();
  if (!id || id->empty() || !in.spaces()) return std::nullopt;
  found.authserv_id = std::move(*id);
  found.version = in.digits();
  if (!in.spaces() || !in.is_next(';')) return std::nullopt;
  bool is_none = false;
  while (in.eat(';')) {
    if (!in.spaces()) return std::nullopt;
    if (in.done()) break;
    MethodResult result;
    if (is_none || found.results.size() >= kMostResults || !read_result(in, result, is_none))
      return std::nullopt;
    if (!is_none) found.results.push_back(std::move(result));
  }
  const bool is_whole = in.done() && is_none == found.results.empty();
  if (!is_whole) return std::nullopt;
  return found;
}

}  // namespace fwd::mailauth
