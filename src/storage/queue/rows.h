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

// When a row of `destinations` next has something to claim: its first due, but within
// a pause not before the end of that or of a message's time.  Looks at the hundred that
// expire first, as those that are with workers are fewer.
inline constexpr std::string_view kReady =
    "CASE WHEN paused_until = 0 THEN"
    " (SELECT due FROM recipients INDEXED BY recipients_waiting WHERE state = 1 AND"
    " destination = destinations.name AND due IS NOT NULL ORDER BY due LIMIT 1)"
    " ELSE min(max(paused_until,"
    " (SELECT due FROM recipients INDEXED BY recipients_waiting WHERE state = 1 AND"
    " destination = destinations.name AND due IS NOT NULL ORDER BY due LIMIT 1)),"
    " (SELECT MIN(max(expires, due)) FROM (SELECT expires, due FROM recipients"
    " INDEXED BY recipients_expiring WHERE state = 1 AND destination = destinations.name AND"
    " due IS NOT NULL ORDER BY expires LIMIT 100))) END";

// One line of at most `most` octets: control characters become spaces, and no
// character of UTF-8 is cut.
std::string one_line(std::string_view text, std::size_t most);
bool has_control(std::string_view text);

}  // namespace fwd::queue

#endif
