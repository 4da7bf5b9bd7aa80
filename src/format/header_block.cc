// Cuts a header block into named fields.
#include "format/header_block.h"

#include "core/text.h"
#include "format/header_lines.h"

namespace fwd::format {

HeaderBlock::HeaderBlock(std::string_view block, std::size_t most_octets, std::size_t most_fields) {
  HeaderLines lines(block.substr(0, most_octets));
  while (fields_.size() < most_fields) {
    const auto line = lines.next();
    if (!line) return;
    if (!line->name.empty()) fields_.push_back({to_lower(line->name), line->value});
  }
}

const HeaderField* HeaderBlock::find(std::string_view name) const {
  for (const HeaderField& field : fields_)
    if (field.name == name) return &field;
  return nullptr;
}

std::string HeaderBlock::text(std::string_view name) const {
  const HeaderField* field = find(name);
  return field == nullptr ? std::string() : unfold(field->value);
}

}  // namespace fwd::format
