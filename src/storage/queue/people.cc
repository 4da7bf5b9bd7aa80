// What people see of the queue: messages, figures, and what the log tells of it.
#include <algorithm>

#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

constexpr std::uint32_t kMostListed = 1000;
constexpr std::int64_t kMostDestinations = 100;

Outcome<void> fill_destinations(sqlcipher::Database& database, std::int64_t now,
                                model::QueueStat& stat) {
  // Those with most waiting, and all that are paused.
  sqlcipher::Statement rows =
      prepare(database,
              "SELECT name, waiting, failures, paused_until, reason FROM destinations"
              " WHERE waiting > 0 OR paused_until > ?2 ORDER BY waiting DESC, name LIMIT ?1",
              {kMostDestinations, now});
  for (;;) {
    const Outcome<bool> more = rows.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return {};
    model::QueueStat::Destination one;
    one.name = rows.text(0);
    one.waiting = static_cast<std::uint64_t>(rows.integer(1));
    one.failures = static_cast<std::uint32_t>(rows.integer(2));
    one.paused_until = rows.integer(3) > now ? rows.integer(3) : 0;
    one.reason = rows.text(4);
    stat.destinations.push_back(std::move(one));
  }
}

constexpr std::int64_t kDayMs = 24 * 3600 * std::int64_t{1000};

}  // namespace

Outcome<void> QueueFile::count_day(std::int64_t accepted, std::int64_t delivered,
                                   std::int64_t failed, std::int64_t deferred) {
  return run(*database_,
             "UPDATE day SET accepted = accepted + ?1, delivered = delivered + ?2,"
             " failed = failed + ?3, deferred = deferred + ?4 WHERE id = 1",
             {accepted, delivered, failed, deferred});
}

Outcome<std::optional<QueueDay>> QueueFile::close_day(std::int64_t now) {
  QueueDay day;
  {
    sqlcipher::Statement row = prepare(
        *database_, "SELECT began, accepted, delivered, failed, deferred FROM day WHERE id = 1",
        Values());
    const Outcome<bool> found = row.step();
    if (!found.ok()) return found.failure();
    day.began = row.integer(0);
    day.ended = now;
    day.accepted = static_cast<std::uint64_t>(row.integer(1));
    day.delivered = static_cast<std::uint64_t>(row.integer(2));
    day.failed = static_cast<std::uint64_t>(row.integer(3));
    day.deferred = static_cast<std::uint64_t>(row.integer(4));
  }
  if (day.began == 0) {
    const Outcome<void> done = run(*database_, "UPDATE day SET began = ?1 WHERE id = 1", {now});
    if (!done.ok()) return done.failure();
    return std::optional<QueueDay>();
  }
  if (day.began / kDayMs == now / kDayMs) return std::optional<QueueDay>();
  const Outcome<void> done =
      run(*database_,
          "UPDATE day SET began = ?1, accepted = 0, delivered = 0, failed = 0, deferred = 0"
          " WHERE id = 1",
          {now});
  if (!done.ok()) return done.failure();
  return std::optional<QueueDay>(day);
}

// In order of age from the oldest on: what is passed over is held, or was told to
// wait for its hour.
Outcome<std::optional<OldMessage>> QueueFile::find_old(std::int64_t before) {
  std::optional<OldMessage> oldest;
  for (const auto state : {model::OutboundState::kQueued, model::OutboundState::kDeferred}) {
    sqlcipher::Statement row =
        prepare(*database_,
                "SELECT id, max(created, not_before) FROM messages INDEXED BY messages_by_state"
                " WHERE state = ?1 AND created <= ?2 AND is_held = 0 AND not_before <= ?2"
                " ORDER BY created LIMIT 1",
                {static_cast<std::int64_t>(state), before});
    const Outcome<bool> found = row.step();
    if (!found.ok()) return found.failure();
    if (!found.value()) continue;
    OldMessage old{row.text(0), row.integer(1)};
    if (!oldest || old.since < oldest->since) oldest = std::move(old);
  }
  return oldest;
}

Outcome<std::vector<model::Outbound>> QueueFile::list(const model::QueueFilter& filter,
                                                      std::int64_t now) {
  Where where;
  fill_where(filter, where);
  const std::string limit = std::to_string(std::min(filter.limit, kMostListed));
  const auto numbers = list_integers(
      *database_,
      "SELECT m.number FROM messages m" + where.sql + " ORDER BY m.number DESC LIMIT " + limit,
      where.values);
  if (!numbers.ok()) return numbers.failure();
  std::vector<model::Outbound> messages;
  for (const std::int64_t number : numbers.value()) {
    auto stored = read_message(*database_, number);
    if (!stored.ok()) return stored.failure();
    auto recipients = read_recipients(*database_, number, 0, now);
    if (!recipients.ok()) return recipients.failure();
    for (model::OutboundRecipient& one : recipients.value())  // a URL may hold secrets
      if (one.kind == model::DestinationKind::kWebhook) one.address = one.destination;
    stored.value().message.recipients = std::move(recipients.value());
    messages.push_back(std::move(stored.value().message));
  }
  return messages;
}

Outcome<model::QueueStat> QueueFile::stat(std::int64_t now) {
  model::QueueStat stat;
  sqlcipher::Statement states = prepare(*database_,
                                        "SELECT state, COUNT(*), MIN(created) FROM messages "
                                        "INDEXED BY messages_by_state GROUP BY state",
                                        Values());
  for (;;) {
    const Outcome<bool> more = states.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    const auto state = static_cast<std::size_t>(states.integer(0));
    if (state >= std::size(stat.messages)) continue;
    stat.messages[state] = static_cast<std::uint64_t>(states.integer(1));
    if (model::is_final(static_cast<model::OutboundState>(state))) continue;
    const std::int64_t oldest = states.integer(2);
    stat.oldest_waiting = stat.oldest_waiting == 0 ? oldest : std::min(stat.oldest_waiting, oldest);
  }
  const auto octets = find_integer(*database_, "SELECT octets FROM totals WHERE id = 1", Values());
  if (!octets.ok()) return octets.failure();
  stat.octets = static_cast<std::uint64_t>(octets.value().value_or(0));
  // CROSS JOIN keeps the few leases outside: SQLite would walk all that waits.
  const auto held = find_integer(
      *database_,
      "SELECT COUNT(*) FROM leases l CROSS JOIN recipients r ON r.message = l.message AND"
      " r.lease = l.lease WHERE r.state = 1 AND l.until > ?1",
      {now});
  if (!held.ok()) return held.failure();
  stat.with_workers = static_cast<std::uint64_t>(held.value().value_or(0));
  if (const Outcome<void> filled = fill_destinations(*database_, now, stat); !filled.ok())
    return filled.failure();
  return stat;
}

}  // namespace fwd::queue
