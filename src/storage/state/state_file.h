#ifndef FWD_STORAGE_STATE_STATE_FILE_H
#define FWD_STORAGE_STATE_STATE_FILE_H

// state.sqlite: what of the state outlives a restart.  Blocking; used by one
// worker thread at a time.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "storage/sqlcipher/database.h"
#include "storage/state/state_memory.h"

namespace fwd::state {

class StateFile {
 public:
  // Opens or makes the file.  `salt`: see Database::open.
  static Outcome<std::shared_ptr<StateFile>> open(const std::string& path,
                                                  const crypto::SecretKey& key,
                                                  std::string_view salt);
  // All facts that end after `now_ms`.
  Outcome<std::vector<FactRow>> load(std::int64_t now_ms);
  // All rows in one transaction.
  Outcome<void> write(const std::vector<FactRow>& rows);
  // For ever: only by a calendar that can be trusted.
  Outcome<void> remove_ended(std::int64_t now_ms);
  sqlcipher::Database& database() { return *database_; }

 private:
  explicit StateFile(std::unique_ptr<sqlcipher::Database> database)
      : database_(std::move(database)) {}
  std::unique_ptr<sqlcipher::Database> database_;
};

}  // namespace fwd::state

#endif
