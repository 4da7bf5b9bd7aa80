// Compiles and matches alias patterns with RE2.
#include "format/alias_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostOctets = 1000;
constexpr std::size_t kMostLocal = 320;
constexpr int kMostMemory = 256 * 1024;
constexpr int kMostGroups = 10;  // $& and $1 to $9

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// RFC 5321 §4.1.2: a Dot-string, with what RFC 6531 §3.3 adds.
bool is_dot_string(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

// All but the unreserved characters of RFC 3986 §2.3.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~')
      out += c;
    else
      out += '%' + to_upper(to_hex(std::string_view(&c, 1)));
  }
  return out;
}

}  // namespace

AliasPattern::AliasPattern(std::unique_ptr<re2::RE2> expression)
    : expression_(std::move(expression)) {}
AliasPattern::AliasPattern(AliasPattern&&) noexcept = default;
AliasPattern& AliasPattern::operator=(AliasPattern&&) noexcept = default;
AliasPattern::~AliasPattern() = default;

bool AliasPattern::is_pattern(std::string_view name) {
  return name.starts_with('/') && name.rfind('/') > 0;
}

Outcome<AliasPattern> AliasPattern::parse(std::string_view name) {
  if (name.size() > kMostOctets)
    return Failure{Fault::kOverLimit, "regular expression is too long", {}};
  if (!is_pattern(name))
    return Failure{Fault::kBadInput, "regular expression must stand between slashes", {}};
  const std::size_t end = name.rfind('/');
  const std::string_view flags = name.substr(end + 1);
  const bool known = flags.size() <= 2 && flags.find_first_not_of("gi") == std::string_view::npos &&
                     (flags.size() < 2 || flags[0] != flags[1]);
  if (!known) return Failure{Fault::kBadInput, "regular expression has flags other than g, i", {}};
  const std::string_view expression = name.substr(1, end - 1);
  if (expression.empty() || !is_utf8(expression))
    return Failure{Fault::kBadInput, "regular expression is empty or not UTF-8", {}};
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  auto compiled = std::make_unique<re2::RE2>(piece(expression), options);
  if (compiled->ok()) return AliasPattern(std::move(compiled));
  const bool large = compiled->error_code() == re2::RE2::ErrorPatternTooLarge;
  return Failure{large ? Fault::kOverLimit : Fault::kBadInput,
                 "regular expression is invalid: " + compiled->error(),
                 {}};
}

bool AliasPattern::matches(std::string_view local) const {
  return local.size() <= kMostLocal && is_utf8(local) &&
         re2::RE2::FullMatch(piece(local), *expression_);
}

std::optional<std::string> AliasPattern::expand(std::string_view local, std::string_view target,
                                                Into into) const {
  if (local.size() > kMostLocal || !is_utf8(local)) return std::nullopt;
  const int groups = std::min(expression_->NumberOfCapturingGroups() + 1, kMostGroups);
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups));
  if (!expression_->Match(piece(local), 0, local.size(), re2::RE2::ANCHOR_BOTH, found.data(),
                          groups))
    return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char next = target[i] == '$' && i + 1 < target.size() ? target[i + 1] : '\0';
    const std::size_t group = next == '&'      ? 0
                              : is_digit(next) ? static_cast<std::size_t>(next - '0')
                                               : 99;
    if (next == '$') {
      out += '$';
    } else if (next != '0' && group < found.size()) {
      const std::string_view matched(found[group].data(), found[group].size());
      if (into == Into::kText && !is_dot_string(matched)) return std::nullopt;
      out += into == Into::kUrl ? percent_encoded(matched) : std::string(matched);
    } else {
      out += target[i];
      continue;
    }
    ++i;
  }
  return out;
}

}  // namespace fwd::format
