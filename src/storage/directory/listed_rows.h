#ifndef FWD_STORAGE_DIRECTORY_LISTED_ROWS_H
#define FWD_STORAGE_DIRECTORY_LISTED_ROWS_H

// The rows of the sender lists (model/sender_lists.h), in the directory's file.
// Values come in their one spelling, reasons within bounds; blocking.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/date.h"
#include "model/sender_lists.h"
#include "storage/sqlcipher/database.h"

namespace fwd::directory {

Outcome<std::vector<model::ListedSender>> find_listed(sqlcipher::Database& database,
                                                      const std::vector<std::string>& values,
                                                      model::Date now);
// `most`: entries there may be; what was learned may take half of them.
Outcome<model::ListedSender> put_listed(sqlcipher::Database& database, model::ListedSender entry,
                                        std::size_t most, model::Date now);
Outcome<void> remove_listed(sqlcipher::Database& database, model::ListKind kind,
                            const std::string& value);
Outcome<std::vector<model::ListedSender>> list_listed(sqlcipher::Database& database,
                                                      model::ListKind kind,
                                                      const std::string& after, model::Date now);
// Takes out what has expired.
Outcome<void> forget_expired(sqlcipher::Database& database, model::Date now);

}  // namespace fwd::directory

#endif
