// What an operator does to messages.
#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

bool narrows(const model::QueueFilter& filter) {
  return !filter.id.empty() || !filter.domain_id.empty() || !filter.user_id.empty() ||
         !filter.alias_id.empty() || !filter.destination.empty() || !filter.sender.empty() ||
         !filter.states.empty();
}

}  // namespace

// Those with a worker are left to it: trying them twice at once would send twice.
Outcome<void> QueueFile::retry(std::int64_t number, const model::QueueFilter& filter,
                               std::int64_t now) {
  const bool all = filter.destination.empty();
  const std::string destination = destination_key(filter.destination);
  const std::string some = all ? "" : " AND destination = ?3";
  Values values{number, now};
  if (!all) values.emplace_back(std::string_view(destination));
  Outcome<void> done = run(*database_,
                           "UPDATE recipients SET next_attempt = ?2 WHERE message = ?1 AND"
                           " state = 1 AND leased_until <= ?2" +
                               some,
                           values);
  if (!done.ok()) return done;
  values.erase(values.begin() + 1);
  return run(*database_,
             "UPDATE destinations SET paused_until = 0 WHERE paused_until > 0 AND name IN"
             " (SELECT destination FROM recipients WHERE message = ?1 AND state = 1" +
                 std::string(all ? "" : " AND destination = ?2") + ")",
             values);
}

// A worker that has some of them in hand reports in vain.
Outcome<void> QueueFile::remove(std::int64_t number, std::int64_t now) {
  const auto names = list_texts(
      *database_, "SELECT destination FROM recipients WHERE message = ?1 AND state = 1", {number});
  if (!names.ok()) return names.failure();
  for (const std::string& name : names.value())
    if (const Outcome<void> done = count_waiting(name, -1); !done.ok()) return done;
  const Outcome<void> done =
      run(*database_, "UPDATE messages SET is_given_up = 1 WHERE number = ?1", {number});
  if (!done.ok()) return done;
  return run(*database_,
             "UPDATE recipients SET state = 3, lease = 0, leased_until = 0, last_time = ?2,"
             " last_code = 550, last_status = '5.7.1', last_response = 'removed from the queue by"
             " an operator', last_from_remote = 0 WHERE message = ?1 AND state = 1",
             {number, now});
}

Outcome<void> QueueFile::act_on(std::int64_t number, const model::QueueFilter& filter,
                                model::QueueAction action, std::int64_t now) {
  Outcome<void> done;
  switch (action) {
    case model::QueueAction::kHold:
      done = run(*database_, "UPDATE messages SET is_held = 1 WHERE number = ?1", {number});
      break;
    case model::QueueAction::kRelease:
      done = run(*database_,
                 "UPDATE messages SET is_held = 0, state = CASE WHEN state = 1 THEN 2 ELSE state"
                 " END WHERE number = ?1",
                 {number});
      break;
    case model::QueueAction::kRetry:
      done = retry(number, filter, now);
      break;
    case model::QueueAction::kRemove:
      done = remove(number, now);
      break;
    case model::QueueAction::kBounce:
      // A worker ends it, as it writes the notice; nothing stands in its way.
      done = run(*database_,
                 "UPDATE messages SET is_given_up = 1, is_held = 0, state = CASE WHEN state = 1"
                 " THEN 2 ELSE state END WHERE number = ?1",
                 {number});
      // Nor a pause that begins later.
      if (done.ok())
        done =
            run(*database_, "UPDATE recipients SET expires = min(expires, ?2) WHERE message = ?1",
                {number, now});
      if (done.ok()) done = retry(number, model::QueueFilter(), now);
      break;
    default:
      return Failure{Fault::kBadInput, "there is no such action", ""};
  }
  if (!done.ok()) return done;
  return settle(number, now);
}

Outcome<QueueFile::Acted> QueueFile::act(const model::QueueFilter& filter,
                                         model::QueueAction action, std::int64_t& after,
                                         std::uint32_t most, std::int64_t now) {
  if (!narrows(filter))
    return Failure{Fault::kBadInput, "say which messages: by id, address, domain or state", ""};
  Where where;
  fill_where(filter, where);
  const std::string limit = std::to_string(most);
  const auto numbers = list_integers(
      *database_,
      "SELECT m.number FROM messages m" + where.sql + " AND m.state < 4 AND m.number > " +
          std::to_string(after) + " ORDER BY m.number LIMIT " + limit,
      where.values);
  if (!numbers.ok()) return numbers.failure();
  for (const std::int64_t number : numbers.value()) {
    if (const Outcome<void> done = act_on(number, filter, action, now); !done.ok())
      return done.failure();
    after = number;
  }
  return Acted{numbers.value().size(), numbers.value().size() == most};
}

}  // namespace fwd::queue
