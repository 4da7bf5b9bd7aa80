#ifndef FWD_STORAGE_QUEUE_MESSAGE_ROWS_H
#define FWD_STORAGE_QUEUE_MESSAGE_ROWS_H

// A message and its recipients as they are stored, and the filter that finds them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "model/queue.h"
#include "storage/queue/rows.h"

namespace fwd::queue {

// `next_attempt` of a forward that somebody waits for: before all others.
inline constexpr std::int64_t kAtOnce = 1;

// The recipients of a message (?1) at a destination (?2) that are due (?3).  By the
// primary key: the unary "+" keeps SQLite from the index, as a destination may have
// far more that is due than a message has recipients.
inline constexpr std::string_view kDueOfMessage =
    " WHERE message = ?1 AND +destination = ?2 AND state = 1 AND due IS NOT NULL AND +due <= ?3";

struct StoredMessage {
  std::int64_t number = 0;
  model::Outbound message;  // without recipients
  std::string domain, return_path_domain;
  std::int64_t keep = 0;
  std::int64_t in_session_until = 0;
};

// kNotFound.
Outcome<StoredMessage> read_message(sqlcipher::Database& database, std::int64_t number);
// In order of their numbers; with a lease, those under it.
Outcome<std::vector<model::OutboundRecipient>> read_recipients(sqlcipher::Database& database,
                                                               std::int64_t number,
                                                               std::uint64_t lease,
                                                               std::int64_t now);
// Of a new message: kBadInput, and names the field.
Outcome<void> check_fields(const model::NewOutbound& message);
// What a forward brought along; nothing for other messages.
Outcome<model::ForwardFacts> read_facts(sqlcipher::Database& database, std::int64_t number);
// kNotFound.
Outcome<std::int64_t> find_number(sqlcipher::Database& database, const std::string& id);

// " WHERE …" on `messages m` with the values it binds.  With an id, and no
// states, any state.  Addresses are compared without regard to case.
struct Where {
  std::string sql;
  Values values;
  std::vector<std::string> texts;  // what `values` may look at
};
// The destination of a domain or of an address, as a person writes them.
std::string destination_key(std::string_view domain_or_address);
void fill_where(const model::QueueFilter& filter, Where& where);

}  // namespace fwd::queue

#endif
