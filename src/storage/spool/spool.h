#ifndef FWD_STORAGE_SPOOL_SPOOL_H
#define FWD_STORAGE_SPOOL_SPOOL_H

// The inbound spool: sealed mail for mailboxes that nobody has open, shared by
// all of them, so that deliveries to many closed mailboxes share a commit.  A
// few shard files, "<folder>/0.sqlite" and on, an alias always in the same one.
//
// What is spooled is sealed by the caller; the spool looks into nothing.  For
// the loop's thread; shard n runs on worker n.
//
// Faults of every call: kUnavailable (disk), kCorrupt (a shard is damaged, or
// the key is not its key).

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/outcome.h"
#include "core/task.h"
#include "crypto/secret.h"
#include "net/workers.h"

namespace fwd::spool {

struct SpoolEntry {
  std::string alias_id;     // at most 64 octets
  std::string delivery_id;  // told apart by (alias_id, delivery_id); at most 200 octets
  std::string sealed;
};

// An entry as it waits.
struct Waiting {
  std::int64_t id = 0;  // counts up over the whole life of the spool, even a new one's
  std::string delivery_id;
  std::int64_t stored = 0;  // seconds since 1970
  std::string sealed;
};

// An entry without its mail, for people.
struct Listed {
  std::int64_t id = 0;
  std::string delivery_id;
  std::int64_t stored = 0;   // seconds since 1970
  std::uint64_t octets = 0;  // sealed
  bool is_aside = false;
  std::int64_t aside_since = 0;  // seconds since 1970; 0: not known
  std::string why;               // it was set aside
};

struct SpoolStats {
  std::uint64_t entries = 0;  // those set aside too
  std::uint64_t octets = 0;   // sealed
  std::uint64_t aside = 0;    // not filled by all_stats()
};

struct SpoolOptions {
  std::string folder;     // made when missing
  unsigned shards = 2;    // of a new spool; one that exists keeps its number
  int cache_pages = 512;  // of 4096 octets, for each shard
  std::uint64_t alias_octets = std::uint64_t{10} << 30;  // bounds for one alias
  std::uint64_t alias_entries = 100000;
};

class Spool {
 public:
  // `key`: of all shards.  `workers` and `clock` must outlive it.
  Spool(net::Workers& workers, Clock& clock, crypto::SecretKey key, SpoolOptions options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Opens the shards, or makes them.  Call first and once.
  Task<Outcome<void>> start();

  // Success: all are durable.  A repeat of what waits is stored once.
  // kOverQuota: the alias has as much waiting as it may; kBadInput: an id is
  // empty or too long.  After a failure some may be stored: send all again.
  Task<Outcome<void>> append(std::vector<SpoolEntry> entries);

  // Entries of one alias above `after_id`, ascending, as many as fit into
  // `most_octets` but at least one; none: there are no more.
  Task<Outcome<std::vector<Waiting>>> read(std::string alias_id, std::int64_t after_id,
                                           std::uint64_t most_octets);
  // Removes entries of one alias up to and with `up_to_id`, but for those set aside.
  Task<Outcome<void>> forget(std::string alias_id, std::int64_t up_to_id);
  // Keeps an entry that cannot be taken in: it is read and forgotten no more,
  // counts as before, and goes with remove().  `why`: for people; cut at 500 octets.
  Task<Outcome<void>> set_aside(std::string alias_id, std::int64_t id, std::string why);
  // Lets what was set aside be read again, as new entries behind all others (a
  // mailbox skips ids it has passed); gives how many.
  Task<Outcome<std::uint64_t>> bring_back(std::string alias_id);
  // Entries of one alias above `after_id`, ascending, at most `most`.
  Task<Outcome<std::vector<Listed>>> list(std::string alias_id, std::int64_t after_id,
                                          std::uint32_t most);
  // Removes the entries of one alias up to and with `up_to_id`, those set aside too.
  Task<Outcome<void>> remove(std::string alias_id, std::int64_t up_to_id = INT64_MAX);
  // The highest id of the entries of one alias; 0: it has none.
  Task<Outcome<std::int64_t>> newest(std::string alias_id);

  Task<Outcome<SpoolStats>> stats(std::string alias_id);
  // Of every alias that has something waiting.
  Task<Outcome<std::map<std::string, SpoolStats>>> all_stats();
  // Proves every page and every count.
  Task<Outcome<void>> check();

  std::uint64_t commits() const;  // since it was started

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::spool

#endif
