#ifndef FWD_MAILAUTH_SIGNATURES_TAG_LIST_H
#define FWD_MAILAUTH_SIGNATURES_TAG_LIST_H

// Lists of tags, "v=1; a=rsa-sha256", as signatures and key records are
// written (RFC 6376 §3.2).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::mailauth {

struct Tag {
  std::string_view name;   // case matters
  std::string_view value;  // without white space at its ends; folding inside is kept
  std::string_view room;   // all between its "=" and its ";"
};

// Views into what was read.
class TagList {
 public:
  // Nothing for what breaks the grammar: a tag twice, a tag without "=", an
  // empty one, octets that no value may have, or more than 64 tags.  UTF-8 is
  // allowed in values (RFC 8616 §4).
  static std::optional<TagList> read(std::string_view text);

  const std::vector<Tag>& tags() const { return tags_; }
  const Tag* find(std::string_view name) const;
  // "" when there is no such tag.
  std::string_view value(std::string_view name) const;

 private:
  bool add(std::string_view spec);
  std::vector<Tag> tags_;
};

// base64string = ALPHADIGITPS *([FWS] ALPHADIGITPS) [ [FWS] "=" [ [FWS] "=" ] ]:
// the padding may be missing.
std::optional<std::string> from_base64_tag(std::string_view value);
// All white space taken out, line ends too.
std::string without_space(std::string_view text);
// The parts between colons, trimmed: "rsa : ed25519" has two.
std::vector<std::string_view> colon_parts(std::string_view text);

}  // namespace fwd::mailauth

#endif
