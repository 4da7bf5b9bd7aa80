// Statements with their values, and text made fit to keep.
#include "storage/queue/rows.h"

#include <algorithm>

namespace fwd::queue {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

sqlcipher::Statement prepare(sqlcipher::Database& database, std::string_view sql,
                             const Values& values) {
  sqlcipher::Statement statement = database.prepare(sql);
  int place = 0;
  for (const Value& value : values) {
    ++place;
    if (const auto* number = std::get_if<std::int64_t>(&value))
      statement.bind(place, *number);
    else
      statement.bind(place, std::get<std::string_view>(value));
  }
  return statement;
}

Outcome<void> run(sqlcipher::Database& database, std::string_view sql, const Values& values) {
  sqlcipher::Statement statement = prepare(database, sql, values);
  return statement.run();
}

Outcome<std::optional<std::int64_t>> find_integer(sqlcipher::Database& database,
                                                  std::string_view sql, const Values& values) {
  sqlcipher::Statement statement = prepare(database, sql, values);
  const Outcome<bool> row = statement.step();
  if (!row.ok()) return row.failure();
  if (!row.value() || statement.is_null(0)) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(statement.integer(0));
}

Outcome<std::vector<std::string>> list_texts(sqlcipher::Database& database, std::string_view sql,
                                             const Values& values) {
  sqlcipher::Statement statement = prepare(database, sql, values);
  std::vector<std::string> texts;
  for (;;) {
    const Outcome<bool> row = statement.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return texts;
    texts.push_back(statement.text(0));
  }
}

Outcome<std::vector<std::int64_t>> list_integers(sqlcipher::Database& database,
                                                 std::string_view sql, const Values& values) {
  sqlcipher::Statement statement = prepare(database, sql, values);
  std::vector<std::int64_t> numbers;
  for (;;) {
    const Outcome<bool> row = statement.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return numbers;
    numbers.push_back(statement.integer(0));
  }
}

std::string one_line(std::string_view text, std::size_t most) {
  std::size_t end = std::min(text.size(), most);
  if (end < text.size())
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  std::string line(text.substr(0, end));
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  return line;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace fwd::queue
