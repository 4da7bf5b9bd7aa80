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

// How much is kept; what is older goes.
struct JournalBounds {
  std::uint64_t entries = 10'000'000;
  std::uint64_t octets = std::uint64_t{2} << 30;  // of the file's pages in use
  std::size_t waiting = 20'000;                   // entries in memory while the disk fails
  std::size_t waiting_octets = 32 << 20;          // of them
  std::size_t value_octets = 2000;                // of one value; longer ones are cut
  std::uint32_t read = 10'000;                    // entries given to one question
};

class JournalFile {
 public:
  // Opens or makes the file.  `salt`: see Database::open.
  static Outcome<std::shared_ptr<JournalFile>> open(const std::string& path,
                                                    const crypto::SecretKey& key,
                                                    std::string_view salt);
  // All or none; each entry gets the next id.  Forgets the oldest for `bounds`.
  Outcome<void> append(const std::vector<model::JournalEntry>& entries,
                       const JournalBounds& bounds);
  // At most 10,000 entries, of 32 MB.
  Outcome<std::vector<model::JournalEntry>> read(const model::JournalQuery& query);
  // Removes at most `most` entries older than `time_ms`; gives how many.
  Outcome<std::uint64_t> forget_some(std::int64_t time_ms, std::uint32_t most);

 private:
  explicit JournalFile(std::unique_ptr<sqlcipher::Database> database)
      : database_(std::move(database)) {}
  Outcome<void> insert(const model::JournalEntry& entry);
  struct Extent {
    std::int64_t first = 0;    // the oldest id
    std::int64_t entries = 0;  // at most
    std::int64_t octets = 0;   // of pages in use
  };
  Outcome<Extent> measure();
  Outcome<void> keep_within(const JournalBounds& bounds);
  Outcome<void> remove_where(std::string_view which, std::int64_t first, std::int64_t second);
  Outcome<std::int64_t> one_number(std::string_view sql);
  std::unique_ptr<sqlcipher::Database> database_;
};

// The addresses of an entry that a query finds it by: of its fields "from",
// "to" and "address", lower case, without angle brackets.
std::vector<std::string> addresses_of(const model::JournalEntry& entry);

}  // namespace fwd::journal

#endif
