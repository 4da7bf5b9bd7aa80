#ifndef FWD_FORMAT_HEADER_BLOCK_H
#define FWD_FORMAT_HEADER_BLOCK_H

// One header block cut into named fields, within bounds.

#include <string>
#include <string_view>
#include <vector>

namespace fwd::format {

struct HeaderField {
  std::string name;        // lower case
  std::string_view value;  // raw, folds included; a view into the message
};

class HeaderBlock {
 public:
  HeaderBlock() = default;
  // Looks at the first `most_octets` of `block` and at most `most_fields`;
  // what is no field is left out.
  HeaderBlock(std::string_view block, std::size_t most_octets, std::size_t most_fields);

  const std::vector<HeaderField>& fields() const { return fields_; }
  // The first field of that name (lower case), or nullptr.
  const HeaderField* find(std::string_view name) const;
  // Its value unfolded, or "".
  std::string text(std::string_view name) const;

 private:
  std::vector<HeaderField> fields_;
};

}  // namespace fwd::format

#endif
