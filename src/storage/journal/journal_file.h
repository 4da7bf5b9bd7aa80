#ifndef FWD_STORAGE_JOURNAL_JOURNAL_FILE_H
#define FWD_STORAGE_JOURNAL_JOURNAL_FILE_H

// journal.sqlite: entries with indexes on everything a query may ask.
// Blocking; used by one worker thread at a time.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "model/journal.h"
#include "storage/sqlcipher/database.h"

namespace fwd::journal {

class JournalFile {
 public:
  // Opens or makes the file.  `salt`: see Database::open.
  static Outcome<std::shared_ptr<JournalFile>> open(const std::string& path,
                                                    const crypto::SecretKey& key,
                                                    std::string_view salt);
  // All or none; each entry gets the next id.
  Outcome<void> append(const std::vector<model::JournalEntry>& entries);
  Outcome<std::vector<model::JournalEntry>> read(const model::JournalQuery& query);
  // Removes at most `most` entries older than `time_ms`; gives how many.
  Outcome<std::uint64_t> forget_some(std::int64_t time_ms, std::uint32_t most);

 private:
  explicit JournalFile(std::unique_ptr<sqlcipher::Database> database)
      : database_(std::move(database)) {}
  Outcome<void> insert(const model::JournalEntry& entry);
  std::unique_ptr<sqlcipher::Database> database_;
};

// The addresses of an entry that a query finds it by: of its fields "from",
// "to" and "address", lower case, without angle brackets.
std::vector<std::string> addresses_of(const model::JournalEntry& entry);

}  // namespace fwd::journal

#endif
