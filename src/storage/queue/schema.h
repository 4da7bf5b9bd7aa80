#ifndef FWD_STORAGE_QUEUE_SCHEMA_H
#define FWD_STORAGE_QUEUE_SCHEMA_H

// The tables of queue.sqlite.

#include "core/outcome.h"
#include "storage/sqlcipher/database.h"

namespace fwd::queue {

// Brings the file to this release's version.
Outcome<void> migrate(sqlcipher::Database& database);

}  // namespace fwd::queue

#endif
