// Records from and to words on a terminal.
#include "service/operator/record_words.h"

namespace fwd::service {

Outcome<std::pair<std::string, std::string>> split_field(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0)
    return Failure{Fault::kBadInput, "'" + word + "' is not FIELD=VALUE", ""};
  return std::pair{word.substr(0, equals), word.substr(equals + 1)};
}

void print_json(Desk& desk, const format::Json& value) {
  desk.print(format::write_json(value, true) + "\n");
}

std::string text_object(const format::Json& object) {
  std::vector<std::vector<std::string>> rows;
  if (object.object() == nullptr) return "";
  for (const format::JsonMember& member : *object.object()) {
    const format::Json& value = member.value;
    if (value.is_null() || (value.text() != nullptr && value.text()->empty()) ||
        (value.array() != nullptr && value.array()->empty()))
      continue;
    rows.push_back(
        {member.name, value.text() != nullptr ? *value.text() : format::write_json(value)});
  }
  return text_table(rows);
}

}  // namespace fwd::service
