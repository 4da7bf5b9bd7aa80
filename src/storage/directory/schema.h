#ifndef FWD_STORAGE_DIRECTORY_SCHEMA_H
#define FWD_STORAGE_DIRECTORY_SCHEMA_H

// The tables of directory.sqlite, as steps from version to version.

#include "core/outcome.h"
#include "storage/sqlcipher/database.h"

namespace fwd::directory {

Outcome<void> migrate(sqlcipher::Database& database);

}  // namespace fwd::directory

#endif
