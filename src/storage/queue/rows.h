#ifndef FWD_STORAGE_QUEUE_ROWS_H
#define FWD_STORAGE_QUEUE_ROWS_H

// Statements with their values, and text made fit to keep.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/outcome.h"
#include "storage/sqlcipher/database.h"

namespace fwd::queue {

// The text must live until the statement has taken it.
using Value = std::variant<std::int64_t, std::string_view>;
using Values = std::vector<Value>;

// `values` at the places 1, 2, …
sqlcipher::Statement prepare(sqlcipher::Database& database, std::string_view sql,
                             const Values& values);
// Runs a statement whose rows nobody wants.
Outcome<void> run(sqlcipher::Database& database, std::string_view sql, const Values& values);
// The first row's first column; nothing when there is no row or it is NULL.
Outcome<std::optional<std::int64_t>> find_integer(sqlcipher::Database& database,
                                                  std::string_view sql, const Values& values);
// The first columns of all rows.
Outcome<std::vector<std::string>> list_texts(sqlcipher::Database& database, std::string_view sql,
                                             const Values& values);
Outcome<std::vector<std::int64_t>> list_integers(sqlcipher::Database& database,
                                                 std::string_view sql, const Values& values);

// One line of at most `most` octets: control characters become spaces, and no
// character of UTF-8 is cut.
std::string one_line(std::string_view text, std::size_t most);
bool has_control(std::string_view text);

}  // namespace fwd::queue

#endif
