// The queries and stamps that rows of all records share.
#include "storage/directory/record_rows.h"

#include <algorithm>
#include <chrono>

#include "crypto/random.h"

namespace fwd::directory {

std::string new_id(model::Date now) {
  return crypto::object_id(WallTime(std::chrono::milliseconds(now.ms)));
}

std::string new_code(std::size_t length, bool lower_case_only) {
  constexpr std::string_view kAll =
      "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t letters = lower_case_only ? 36 : kAll.size();
  std::string code;
  while (code.size() < length) {
    const std::string random = crypto::random_octets(2 * length);
    for (const char c : random) {
      const std::size_t octet = static_cast<unsigned char>(c);
      // Octets past the last whole run of letters would favour the first ones.
      if (octet < 256 / letters * letters && code.size() < length) code += kAll[octet % letters];
    }
  }
  return code;
}

namespace {

sqlcipher::Statement bound(sqlcipher::Database& database, std::string_view sql,
                           const std::vector<std::string>& parameters) {
  sqlcipher::Statement statement = database.prepare(sql);
  int place = 0;
  for (const std::string& parameter : parameters)
    statement.bind(++place, std::string_view(parameter));
  return statement;
}

}  // namespace

Outcome<std::optional<std::string>> find_text(sqlcipher::Database& database, std::string_view sql,
                                              const std::vector<std::string>& parameters) {
  sqlcipher::Statement statement = bound(database, sql, parameters);
  const Outcome<bool> row = statement.step();
  if (!row.ok()) return row.failure();
  if (!row.value()) return std::optional<std::string>();
  return std::optional<std::string>(statement.text(0));
}

Outcome<std::optional<std::int64_t>> find_integer(sqlcipher::Database& database,
                                                  std::string_view sql,
                                                  const std::vector<std::string>& parameters) {
  sqlcipher::Statement statement = bound(database, sql, parameters);
  const Outcome<bool> row = statement.step();
  if (!row.ok()) return row.failure();
  if (!row.value()) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(statement.integer(0));
}

Outcome<std::vector<std::string>> list_texts(sqlcipher::Database& database, std::string_view sql,
                                             const std::vector<std::string>& parameters) {
  sqlcipher::Statement statement = bound(database, sql, parameters);
  std::vector<std::string> texts;
  for (;;) {
    const Outcome<bool> row = statement.step();
    if (!row.ok()) return row.failure();
    if (!row.value()) return texts;
    texts.push_back(statement.text(0));
  }
}

Outcome<void> run(sqlcipher::Database& database, std::string_view sql,
                  const std::vector<std::string>& parameters) {
  sqlcipher::Statement statement = bound(database, sql, parameters);
  return statement.run();
}

Outcome<Stamp> stamp(sqlcipher::Database& database, std::string_view table, std::string& id,
                     model::Date& created_at, model::Date& updated_at, model::Date now) {
  if (id.empty()) {
    id = new_id(now);
    created_at = updated_at = now;
    return Stamp{true};
  }
  const auto stored = find_integer(
      database, "SELECT updated_at FROM " + std::string(table) + " WHERE id = ?1", {id});
  if (!stored.ok()) return stored.failure();
  if (!stored.value()) return Failure{Fault::kNotFound, "there is no such record", ""};
  if (*stored.value() != updated_at.ms)
    return Failure{Fault::kWrongState, "the record was changed by somebody else meanwhile", ""};
  updated_at.ms = std::max(now.ms, updated_at.ms + 1);
  return Stamp{false};
}

}  // namespace fwd::directory
