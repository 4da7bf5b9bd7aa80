#ifndef FWD_FORMAT_ALIAS_PATTERN_H
#define FWD_FORMAT_ALIAS_PATTERN_H

// Alias names that are regular expressions: "/^(sales|info)$/gi".

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace re2 {
class RE2;
}

namespace fwd::format {

class AliasPattern {
 public:
  // The name has the form of a pattern: a "/" at the front and another.
  static bool is_pattern(std::string_view name);

  // "/" expression "/" [flags], flags of "g" and "i", which change nothing: a
  // pattern never minds case and is held against the local part once.
  // kBadInput with what RE2 says of the expression; kOverLimit for more than
  // 1000 octets or a program over 256 KB.
  static Outcome<AliasPattern> parse(std::string_view name);

  AliasPattern(AliasPattern&&) noexcept;
  AliasPattern& operator=(AliasPattern&&) noexcept;
  ~AliasPattern();

  // The whole local part (without "+tag") matches, as if the expression stood
  // between ^ and $.  Linear time; bounded memory.
  bool matches(std::string_view local) const;

  // `target` with $1 … $9 and $& replaced by what matched, "$$" by "$"; a group
  // that took no part is empty.  In a URL what matched is percent-encoded
  // (RFC 3986 §2.1), so that no sender adds to its path or query; in other text it
  // is atext and "." only (RFC 5321 §4.1.2), so that none writes an "@", a quote or
  // a "://".  Nothing when `local` does not match, or another character would go in.
  enum class Into : std::uint8_t { kText, kUrl };
  std::optional<std::string> expand(std::string_view local, std::string_view target,
                                    Into into = Into::kText) const;

 private:
  explicit AliasPattern(std::unique_ptr<re2::RE2> expression);
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace fwd::format

#endif
