#ifndef FWD_STORAGE_SPOOL_SHARD_FILE_H
#define FWD_STORAGE_SPOOL_SHARD_FILE_H

// One shard of the spool, blocking, on one thread at a time.  append(),
// forget(), set_aside(), bring_back_some() and remove() run inside a transaction
// the caller opens and ends.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/spool/spool.h"
#include "storage/sqlcipher/database.h"

namespace fwd::spool {

class ShardFile {
 public:
  // Makes the file when it is missing, noting `shards` in it.  `now`: seconds
  // since 1970; the ids of a new file begin far above those of any older one.
  static Outcome<std::unique_ptr<ShardFile>> open(const std::string& path,
                                                  const crypto::SecretKey& key, unsigned number,
                                                  const SpoolOptions& options, std::int64_t now);
  sqlcipher::Database& database() { return *database_; }
  // How many shards the spool was made with.
  unsigned shards() const { return shards_; }

  Outcome<void> append(const std::vector<SpoolEntry>& entries, std::int64_t now);
  Outcome<std::vector<Waiting>> read(const std::string& alias_id, std::int64_t after_id,
                                     std::uint64_t most_octets);
  Outcome<void> forget(const std::string& alias_id, std::int64_t up_to_id);
  Outcome<void> set_aside(const std::string& alias_id, std::int64_t id, const std::string& why,
                          std::int64_t now);
  // Brings back a few of those set aside up to `up_to_id`, the oldest first, each
  // under a new id; gives how many.  0: there are no more.
  Outcome<std::uint64_t> bring_back_some(const std::string& alias_id, std::int64_t up_to_id);
  // The highest id of those set aside; 0: there are none.
  Outcome<std::int64_t> newest_aside(const std::string& alias_id);
  Outcome<std::vector<Listed>> list(const std::string& alias_id, std::int64_t after_id,
                                    std::uint32_t most);
  Outcome<void> remove(const std::string& alias_id, std::int64_t up_to_id);
  // 0: nothing waits.
  Outcome<std::int64_t> newest(const std::string& alias_id);
  Outcome<SpoolStats> stats(const std::string& alias_id);
  Outcome<std::map<std::string, SpoolStats>> all_stats();
  Outcome<void> check();

 private:
  ShardFile(std::unique_ptr<sqlcipher::Database> database, const SpoolOptions& options);
  Outcome<void> load(unsigned number, std::int64_t now);
  Outcome<void> append_one(const SpoolEntry& entry, std::int64_t now);
  Outcome<void> count(const std::string& alias_id, std::int64_t entries, std::int64_t octets);
  Outcome<SpoolStats> counted(const std::string& alias_id);
  Outcome<std::int64_t> next_id();

  std::unique_ptr<sqlcipher::Database> database_;
  const std::uint64_t alias_octets_, alias_entries_;
  unsigned shards_;
};

}  // namespace fwd::spool

#endif
