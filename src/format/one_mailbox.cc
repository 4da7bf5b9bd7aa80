// Reads a field of one mailbox.
#include "format/one_mailbox.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/text.h"
#include "format/header_lines.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostTokens = 200;
constexpr int kMostDepth = 20;  // comments within comments

enum class Kind : std::uint8_t { kAtom, kQuoted, kLiteral, kSpecial };

struct Token {
  Kind kind = Kind::kSpecial;
  std::string text;       // as written
  std::size_t place = 0;  // where it begins
};

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; }

// Letters of dot-atoms and of what may stand in a phrase.
bool is_word(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  // False when the text is not made of tokens.
  bool read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t') {
        ++at_;
      } else if (c == '(') {
        if (!comment()) return false;
      } else if (tokens.size() >= kMostTokens || !token()) {
        return false;
      }
    }
    return true;
  }

  std::vector<Token> tokens;
  std::string last_comment;

 private:
  bool token() {
    const std::size_t begin = at_;
    const char c = text_[at_];
    Kind kind = Kind::kSpecial;
    if (c == '"' || c == '[') {
      kind = c == '"' ? Kind::kQuoted : Kind::kLiteral;
      if (!enclosed(c == '"' ? '"' : ']')) return false;
    } else if (is_word(c)) {
      kind = Kind::kAtom;
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    } else {
      ++at_;
    }
    tokens.push_back({kind, std::string(text_.substr(begin, at_ - begin)), begin});
    return true;
  }

  bool enclosed(char end) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == end) return ++at_, true;
      if (text_[at_] == '\\') ++at_;
    }
    return false;
  }

  // comment = "(" *([FWS] ccontent) [FWS] ")"
  bool comment() {
    const std::size_t begin = at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '(') {
        if (++depth > kMostDepth) return false;
      } else if (text_[at_] == ')' && --depth == 0) {
        last_comment = trim(text_.substr(begin + 1, at_ - begin - 1));
        return ++at_, true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_phrase_part(const Token& token) {
  return token.kind == Kind::kAtom || token.kind == Kind::kQuoted;
}

// addr-spec = local-part "@" domain, or a local part alone
std::optional<std::string> addr_spec(const Token* begin, const Token* end) {
  const auto size = end - begin;
  if ((size != 1 && size != 3) || !is_phrase_part(begin[0])) return std::nullopt;
  if (size == 1) return begin[0].text;
  const bool domain = begin[2].kind == Kind::kAtom || begin[2].kind == Kind::kLiteral;
  if (begin[1].text != "@" || begin[1].kind != Kind::kSpecial || !domain) return std::nullopt;
  return begin[0].text + "@" + begin[2].text;
}

}  // namespace

std::optional<OneMailbox> read_one_mailbox(std::string_view value) {
  const std::string text = unfold(value);
  if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  Tokens read(text);
  if (!read.read() || read.tokens.empty()) return std::nullopt;
  const Token* begin = read.tokens.data();
  const Token* end = begin + read.tokens.size();
  const auto* open = std::find_if(
      begin, end, [](const Token& t) { return t.kind == Kind::kSpecial && t.text == "<"; });
  OneMailbox found;
  if (open != end) {
    if (!std::all_of(begin, open, is_phrase_part)) return std::nullopt;
    const Token& last = *(end - 1);
    if (last.kind != Kind::kSpecial || last.text != ">") return std::nullopt;
    found.phrase = trim(std::string_view(text).substr(0, open->place));
    begin = open + 1;
    --end;
  }
  auto address = addr_spec(begin, end);
  if (!address) return std::nullopt;
  found.address = std::move(*address);
  found.comment = std::move(read.last_comment);
  return found;
}

}  // namespace fwd::format
