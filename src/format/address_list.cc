// Cuts an address list into its addresses.
#include "format/address_list.h"

#include "core/text.h"

namespace fwd::format {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; }
bool is_special(char c) {
  return std::string_view("()<>@,;:\"[").find(c) != std::string_view::npos;
}

struct Token {
  enum class Kind : std::uint8_t { kEnd, kWord, kQuoted, kComment, kLiteral, kSpecial };
  Kind kind = Kind::kEnd;
  std::string text;
};

class Tokens {
 public:
  explicit Tokens(std::string_view text) : rest_(text) {}

  Token next() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
    if (rest_.empty()) return {};
    const char c = rest_.front();
    if (c == '"') return {Token::Kind::kQuoted, quoted()};
    if (c == '(') return {Token::Kind::kComment, comment()};
    if (c == '[') return {Token::Kind::kLiteral, literal()};
    if (is_special(c)) {
      rest_.remove_prefix(1);
      return {Token::Kind::kSpecial, std::string(1, c)};
    }
    std::size_t n = 0;
    while (n < rest_.size() && !is_space(rest_[n]) && !is_special(rest_[n])) ++n;
    Token word{Token::Kind::kWord, std::string(rest_.substr(0, n))};
    rest_.remove_prefix(n);
    return word;
  }

 private:
  static void add(std::string& out, char c) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }

  std::string quoted() {
    std::string out;
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"'; ++i) {
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      add(out, rest_[i]);
    }
    rest_.remove_prefix(std::min(i + 1, rest_.size()));
    return out;
  }

  std::string comment() {
    std::string out;
    std::size_t i = 1;
    for (std::size_t depth = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == '\\' && i + 1 < rest_.size()) {
        add(out, rest_[++i]);
        continue;
      }
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) break;
      add(out, c);
    }
    rest_.remove_prefix(std::min(i + 1, rest_.size()));
    return std::string(trim(out));
  }

  std::string literal() {
    const std::size_t n = rest_.find(']');
    std::string out;
    for (const char c : rest_.substr(0, n == rest_.npos ? n : n + 1))
      if (!is_space(c)) out += c;
    rest_.remove_prefix(n == rest_.npos ? rest_.size() : n + 1);
    return out;
  }

  std::string_view rest_;
};

class ListParser {
 public:
  ListParser(std::string_view text, std::size_t most) : tokens_(text), most_(most) {}

  std::vector<ListedAddress> parse() {
    for (Token token = tokens_.next(); token.kind != Token::Kind::kEnd; token = tokens_.next()) {
      if (out_.size() + 2 > most_) break;  // room for an address and the end of its group
      take(token);
    }
    if (out_.size() < most_) finish_address();
    end_group();
    return std::move(out_);
  }

 private:
  void take(const Token& token) {
    switch (token.kind) {
      case Token::Kind::kComment:
        comment_ = token.text;
        return;
      case Token::Kind::kSpecial:
        take_special(token.text.front());
        return;
      default:
        if (after_at_) {
          host_ += token.text;
        } else {
          // Words of a phrase stand one space apart.
          if (!phrase_.empty()) phrase_ += ' ';
          phrase_ += token.text;
          last_word_ = token.text;
          has_words_ = true;
        }
    }
  }

  void take_special(char c) {
    if (c == '<') {
      if (!in_angle_) read_angle();
    } else if (c == '@') {
      after_at_ = true;
    } else if (c == ':' && !in_group_ && !after_at_ && has_words_) {
      out_.push_back({ListedAddress::Kind::kGroupBegin, {}, {}, phrase_, {}});
      in_group_ = true;
      forget();
    } else if (c == ',') {
      finish_address();
    } else if (c == ';') {
      finish_address();
      end_group();
    }
  }

  // angle-addr = "<" [obs-route] addr-spec ">"; all after "<" up to ">".
  void read_angle() {
    ListedAddress address;
    std::string text;  // what stands before "@", or the route's beginning
    bool host = false;
    for (Token token = tokens_.next(); token.kind != Token::Kind::kEnd; token = tokens_.next()) {
      if (token.kind == Token::Kind::kComment) continue;
      if (token.kind != Token::Kind::kSpecial) {
        (host ? address.host : text) += token.text;
        continue;
      }
      const char c = token.text.front();
      if (c == '>') break;
      if (c == '@' && text.empty() && address.host.empty() && !address.route) {
        address.route = "@";
        host = true;
      } else if (c == '@' && address.route && host && address.host.empty()) {
        *address.route += '@';
      } else if (c == ',' && address.route && host) {
        *address.route += address.host + ",";
        address.host.clear();
      } else if (c == ':' && address.route && host) {
        *address.route += address.host;
        address.host.clear();
        host = false;
      } else if (c == '@') {
        host = true;
      }
    }
    address.mailbox = std::move(text);
    angle_ = std::move(address);
    in_angle_ = true;
  }

  void finish_address() {
    ListedAddress address;
    if (in_angle_) {
      address = std::move(angle_);
      if (has_words_)
        address.name = phrase_;
      else if (!comment_.empty())
        address.name = comment_;
    } else if (has_words_ || after_at_) {
      // "Joe Doe joe@example.com": the last word is the local part.
      address.mailbox = after_at_ ? last_word_ : phrase_;
      address.host = host_;
      if (!comment_.empty()) {
        address.name = comment_;
      } else if (after_at_ && phrase_.size() > last_word_.size()) {
        address.name = trim(phrase_.substr(0, phrase_.size() - last_word_.size()));
      }
    } else {
      forget();
      return;
    }
    out_.push_back(std::move(address));
    forget();
  }

  void end_group() {
    if (in_group_) out_.push_back({ListedAddress::Kind::kGroupEnd, {}, {}, {}, {}});
    in_group_ = false;
  }

  void forget() {
    phrase_.clear();
    last_word_.clear();
    comment_.clear();
    host_.clear();
    angle_ = {};
    has_words_ = after_at_ = in_angle_ = false;
  }

  Tokens tokens_;
  std::size_t most_;
  std::vector<ListedAddress> out_;
  bool in_group_ = false;

  // The address being read; forget() clears them all.
  std::string phrase_, last_word_, comment_, host_;
  ListedAddress angle_;
  bool has_words_ = false;  // phrase_ was given, if only as ""
  bool after_at_ = false;   // what comes belongs to host_
  bool in_angle_ = false;   // angle_ holds the address
};

}  // namespace

std::vector<ListedAddress> parse_address_list(std::string_view value, std::size_t most) {
  return ListParser(value, most).parse();
}

}  // namespace fwd::format
