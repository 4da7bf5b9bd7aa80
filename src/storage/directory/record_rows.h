#ifndef FWD_STORAGE_DIRECTORY_RECORD_ROWS_H
#define FWD_STORAGE_DIRECTORY_RECORD_ROWS_H

// What the row files of users, domains and aliases share: one-value queries,
// versions, new ids and codes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "model/date.h"
#include "storage/sqlcipher/database.h"

namespace fwd::directory {

// 24 hex digits: seconds since 1970, then 64 random bits.
std::string new_id(model::Date now);
// Random letters and digits, about 5.9 bits each; lower case only on request.
std::string new_code(std::size_t length, bool lower_case_only);

// The first row of a query with text parameters, or nothing; column 0.
Outcome<std::optional<std::string>> find_text(sqlcipher::Database& database, std::string_view sql,
                                              const std::vector<std::string>& parameters);
Outcome<std::optional<std::int64_t>> find_integer(sqlcipher::Database& database,
                                                  std::string_view sql,
                                                  const std::vector<std::string>& parameters);
// Column 0 of all rows.
Outcome<std::vector<std::string>> list_texts(sqlcipher::Database& database, std::string_view sql,
                                             const std::vector<std::string>& parameters);
// Runs a statement without rows.
Outcome<void> run(sqlcipher::Database& database, std::string_view sql,
                  const std::vector<std::string>& parameters);

// Prepares id and dates of a record before it is written: a new id and
// created_at when `id` is empty, else `updated_at` must be the stored version
// (kWrongState; kNotFound when there is none).  `updated_at` counts on.
struct Stamp {
  bool fresh = false;
};
Outcome<Stamp> stamp(sqlcipher::Database& database, std::string_view table, std::string& id,
                     model::Date& created_at, model::Date& updated_at, model::Date now);

}  // namespace fwd::directory

#endif
