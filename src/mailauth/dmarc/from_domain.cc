// Reads the author domain out of the header From.
#include "mailauth/dmarc/from_domain.h"

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "format/header_lines.h"
#include "format/one_mailbox.h"
#include "mailauth/dmarc/organisational_domain.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLongestField = 64 * 1024;
constexpr std::size_t kMostDomains = 5;

// Walks over a From that is not one tidy mailbox and finds what follows each
// "@", passing over quoted strings, comments and encoded words.
class AtScanner {
 public:
  explicit AtScanner(std::string_view text) : text_(text) {}

  // Nothing when a quote, a comment or a domain cannot be read.
  std::optional<std::vector<std::string>> scan() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '(') {
        if (!skip_enclosed()) return std::nullopt;
      } else if (c == '=' && skip_encoded_word()) {
        continue;
      } else if (c == '@') {
        ++at_;
        if (!domain()) return std::nullopt;
      } else {
        if (c == '<' || c == '>') is_in_angle_ = c == '<';
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t'; }

  // A quoted string, or a comment with those inside it.
  bool skip_enclosed() {
    const bool quoted = text_[at_] == '"';
    int depth = quoted ? 0 : 1;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\') {
        ++at_;
      } else if (quoted) {
        if (c == '"') return ++at_, true;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        return ++at_, true;
      }
    }
    return false;
  }

  // encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
  bool skip_encoded_word() {
    if (text_.substr(at_, 2) != "=?") return false;
    std::size_t end = at_ + 2;
    for (int marks = 0; end < text_.size() && !is_space(text_[end]); ++end) {
      if (text_[end] != '?') continue;
      if (++marks < 3) continue;
      if (text_.substr(end, 2) != "?=") return false;
      at_ = end + 2;
      return true;
    }
    return false;
  }

  // Spaces and comments.
  bool skip_blanks() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '(')) {
      if (text_[at_] != '(')
        ++at_;
      else if (!skip_enclosed())
        return false;
    }
    return true;
  }

  bool at_word() const {
    return at_ < text_.size() && !is_space(text_[at_]) &&
           std::string_view("<>,;:()\"@").find(text_[at_]) == std::string_view::npos;
  }

  // obs-domain = atom *("." atom), with spaces and comments only around the dots
  // (RFC 5322 §4.4).
  bool domain() {
    if (!skip_blanks()) return false;
    std::string name;
    do {
      while (at_word()) name += text_[at_++];
      if (!skip_blanks()) return false;
    } while (at_word() && (text_[at_] == '.' || name.ends_with('.')));
    // What follows is a phrase before "<", or nobody knows where the domain ends.
    if (at_word() && (is_in_angle_ || text_.find('<', at_) == std::string_view::npos)) return false;
    auto domain = comparable_domain(name);
    if (!domain) return false;
    found_.push_back(std::move(*domain));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_in_angle_ = false;
  std::vector<std::string> found_;
};

std::optional<std::vector<std::string>> scan_domains(std::string_view value) {
  if (value.size() > kLongestField) return std::nullopt;
  const auto one = format::read_one_mailbox(value);
  if (!one) return AtScanner(format::unfold(value)).scan();
  const std::size_t at = one->address.rfind('@');
  if (at == std::string::npos) return std::vector<std::string>{};
  auto domain = comparable_domain(std::string_view(one->address).substr(at + 1));
  if (!domain) return std::nullopt;
  return std::vector<std::string>{std::move(*domain)};
}

// The domains of one field; nothing when it cannot be read.  An "@" that is
// nobody's (`"ceo@example.com"`) is an address to those who see it.
std::optional<std::vector<std::string>> field_domains(std::string_view value) {
  auto domains = scan_domains(value);
  if (domains && domains->empty() && value.find('@') != std::string_view::npos) return std::nullopt;
  return domains;
}

}  // namespace

FromDomain from_domain(std::string_view header) {
  FromDomain found;
  int fields = 0;
  bool readable = true;
  format::HeaderLines lines(header);
  while (const auto line = lines.next()) {
    if (!same_word(line->name, "From")) continue;
    ++fields;
    const auto domains = field_domains(line->value);
    readable = readable && domains;
    for (const std::string& domain : domains.value_or(std::vector<std::string>{}))
      if (std::find(found.domains.begin(), found.domains.end(), domain) == found.domains.end())
        found.domains.push_back(domain);
  }
  using Kind = FromDomain::Kind;
  // Among very many the one that counts must not be overlooked.
  if (found.domains.size() > kMostDomains || !readable) {
    found.kind = Kind::kUnreadable;
    found.domains.clear();
  } else if (fields != 1) {
    found.kind = fields == 0 ? Kind::kNoField : Kind::kSeveralFields;
  } else {
    found.kind = found.domains.empty()       ? Kind::kNoAddress
                 : found.domains.size() == 1 ? Kind::kOne
                                             : Kind::kSeveralDomains;
  }
  return found;
}

std::string_view FromDomain::problem() const {
  switch (kind) {
    case Kind::kOne:
      return "";
    case Kind::kNoField:
      return "the header has no From field";
    case Kind::kSeveralFields:
      return "the header has more than one From field";
    case Kind::kNoAddress:
      return "the From field names no address";
    case Kind::kSeveralDomains:
      return "the From field names addresses of different domains";
    case Kind::kUnreadable:
      return "the From field cannot be read";
  }
  return "";
}

}  // namespace fwd::mailauth
