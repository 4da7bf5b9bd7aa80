#ifndef FWD_FORMAT_STRUCTURED_FIELD_H
#define FWD_FORMAT_STRUCTURED_FIELD_H

// Content-Type and Content-Disposition as written: a word and its parameters
// (RFC 2045 §5.1, RFC 2183 §2).  BODYSTRUCTURE shows them undecoded.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::format {

struct FieldParameter {
  std::string name;   // lower case; "filename*0*" as it stands (RFC 2231 §3)
  std::string value;  // without quotes
};

struct StructuredField {
  std::string word;  // "text/plain", "attachment": lower case, no spaces or comments
  std::vector<FieldParameter> parameters;  // at most 100, in order

  // The value of a parameter, its RFC 2231 pieces joined and decoded to UTF-8
  // when it was written that way.
  std::optional<std::string> parameter(std::string_view name) const;
};

// Takes what it can of any text; `word` is empty when there is none.
StructuredField parse_structured_field(std::string_view value);

}  // namespace fwd::format

#endif
