#ifndef FWD_MODEL_JOURNAL_H
#define FWD_MODEL_JOURNAL_H

// Journal: what happened to mail, kept for some days for the operator and the
// domain's people (`forwardemail log`, the web's log page).

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"

namespace fwd::model {

struct JournalEntry {
  std::uint64_t id = 0;      // given by the keeper, counting up
  std::int64_t time_ms = 0;  // milliseconds since 1970 UTC
  std::string event;         // a name of doc/events.tsv: "mx.delivered", "mx.refused", …
  std::string message_id;    // our log's id of the message, or ""
  std::string domain_id;     // whose people may see it, or ""
  std::string alias_id;      // or ""
  std::map<std::string, std::string> fields;  // from, to, peer, code, reason, …; no subject
};

struct JournalQuery {
  std::string message_id;  // empty fields do not narrow
  std::string domain_id;
  std::string alias_id;
  std::string event;    // a whole name or its beginning up to a dot ("mx")
  std::string address;  // as sender or recipient
  std::int64_t since_ms = 0;
  std::int64_t until_ms = INT64_MAX;
  // Newest first when more match, or more than some MB; given oldest first.
  std::uint32_t limit = 100;
};

class Journal {
 public:
  virtual ~Journal() = default;
  // Entries are told apart by the keeper's clock; may be lost by a crash within
  // a second (mail itself never depends on the journal).
  virtual Task<Outcome<void>> write(JournalEntry entry) = 0;
  virtual Task<Outcome<std::vector<JournalEntry>>> read(JournalQuery query) = 0;
  // Removes what is older; gives how many.
  virtual Task<Outcome<std::uint64_t>> forget_before(std::int64_t time_ms) = 0;
};

}  // namespace fwd::model

#endif
