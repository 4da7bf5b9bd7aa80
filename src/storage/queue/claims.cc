// The next due: destinations in turn, beginning with the one that waits longest.
#include <algorithm>

#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

constexpr std::uint32_t kMostClaims = 1000;
constexpr std::chrono::milliseconds kLeastLease = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kMostLease = std::chrono::hours(2);
constexpr std::size_t kMostWorkerName = 100;

struct Destination {
  std::string name;
  std::uint32_t room = 0;  // claims it may still be given
};

constexpr std::string_view kFirstDue =
    "SELECT message FROM recipients INDEXED BY recipients_waiting WHERE state = 1 AND"
    " destination = ?1 AND due IS NOT NULL AND due <= ?2 ORDER BY due LIMIT 1";
// What a pause lets through: its time is over, and a worker ends it.
constexpr std::string_view kFirstExpired =
    "SELECT message FROM recipients INDEXED BY recipients_expiring WHERE state = 1 AND"
    " destination = ?1 AND due IS NOT NULL AND expires <= ?2 AND due <= ?2"
    " ORDER BY expires LIMIT 1";

struct KnownDestination {
  std::uint32_t failures = 0;
  bool is_paused = false;
  std::string reason;
};

Outcome<KnownDestination> read_destination(sqlcipher::Database& database, const std::string& name,
                                           std::int64_t now) {
  sqlcipher::Statement row = prepare(
      database, "SELECT failures, paused_until, reason FROM destinations WHERE name = ?1", {name});
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return KnownDestination{};
  return KnownDestination{static_cast<std::uint32_t>(row.integer(0)), row.integer(1) > now,
                          row.text(2)};
}

Outcome<std::uint32_t> find_room(sqlcipher::Database& database, const std::string& name,
                                 std::uint32_t most) {
  const auto live =
      find_integer(database, "SELECT COUNT(*) FROM leases WHERE destination = ?1", {name});
  if (!live.ok()) return live.failure();
  const auto taken = static_cast<std::uint32_t>(live.value().value_or(0));
  return most > taken ? most - taken : 0;
}

// Those with something due, longest waiting first, but for those with as many
// claims as they may have; these are few, as every claim has its lease.
Outcome<std::vector<Destination>> find_ready(sqlcipher::Database& database,
                                             const model::ClaimQuestion& question,
                                             std::int64_t now) {
  sqlcipher::Statement rows =
      prepare(database,
              "SELECT name, ready FROM destinations INDEXED BY"
              " destinations_ready WHERE ready IS NOT NULL AND ready <= ?1 ORDER BY ready",
              {now});
  std::vector<Destination> ready;
  while (ready.size() < std::min(question.most, kMostClaims)) {
    const Outcome<bool> more = rows.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) break;
    Destination destination{rows.text(0), 0};
    const std::uint32_t most = question.most_per_destination;
    const auto room = find_room(database, destination.name, most);
    if (!room.ok()) return room.failure();
    destination.room = room.value();
    // Somebody waits for it, and may not wait behind what nobody waits for.
    if (destination.room == 0 && rows.integer(1) == kAtOnce) {
      const auto more_room = find_room(database, destination.name, 2 * most);
      if (!more_room.ok()) return more_room.failure();
      destination.room = std::min(more_room.value(), 1U);
    }
    if (destination.room > 0) ready.push_back(std::move(destination));
  }
  return ready;
}

// When something becomes due by itself, or a lease ends.
Outcome<std::int64_t> find_next(sqlcipher::Database& database, std::int64_t now) {
  const auto due = find_integer(database,
                                "SELECT ready FROM destinations INDEXED BY destinations_ready"
                                " WHERE ready IS NOT NULL AND ready > ?1 ORDER BY ready LIMIT 1",
                                {now});
  if (!due.ok()) return due.failure();
  const auto end =
      find_integer(database, "SELECT until FROM leases ORDER BY until LIMIT 1", Values());
  if (!end.ok()) return end.failure();
  return std::min(due.value().value_or(INT64_MAX), end.value().value_or(INT64_MAX));
}

std::int64_t lease_end(std::chrono::milliseconds wanted, std::int64_t now) {
  return now + std::clamp(wanted, kLeastLease, kMostLease).count();
}

// "mx.example.test/" of "mx.example.test/4711".
std::string machine_of(const std::string& worker) {
  return worker.substr(0, worker.rfind('/') + 1);
}

}  // namespace

// What a worker had claimed, or all of a machine had ("/" at the end), is due now.
Outcome<void> QueueFile::end_leases_of(const std::string& whose,
                                       const std::vector<std::uint64_t>& but, std::int64_t now) {
  const Values theirs{whose};
  const std::string is_theirs =
      whose.ends_with('/') ? "substr(worker, 1, length(?1)) = ?1" : "worker = ?1";
  std::string kept;  // digits and commas only
  for (const std::uint64_t lease : but) kept += (kept.empty() ? "" : ",") + std::to_string(lease);
  const std::string which = " FROM leases WHERE " + is_theirs + " AND lease NOT IN (" + kept + ")";
  const auto names = list_texts(*database_, "SELECT DISTINCT destination" + which, theirs);
  if (!names.ok() || names.value().empty()) return names.ok() ? Outcome<void>{} : names.failure();
  Outcome<void> done =
      run(*database_,
          "UPDATE recipients SET leased_until = ?2, due = CASE WHEN due IS NULL THEN NULL ELSE ?2"
          " END WHERE (message, lease) IN (SELECT message, lease" +
              which + ") AND state = 1",
          {whose, now});
  if (!done.ok()) return done;
  done = run(*database_, "DELETE" + which, theirs);
  if (!done.ok()) return done;
  for (const std::string& name : names.value())
    if (done = refresh(name); !done.ok()) return done;
  return {};
}

Outcome<void> QueueFile::count_waiting(const std::string& destination, std::int64_t by) {
  const Outcome<void> done =
      run(*database_, "UPDATE destinations SET waiting = waiting + ?2 WHERE name = ?1",
          {destination, by});
  if (!done.ok() || database_->changes() > 0) return done;
  return run(*database_, "INSERT INTO destinations (name, waiting) VALUES (?1, ?2)",
             {destination, by});
}

Outcome<void> QueueFile::refresh(const std::string& destination) {
  const Outcome<void> done =
      run(*database_, "UPDATE destinations SET ready = " + std::string(kReady) + " WHERE name = ?1",
          {destination});
  if (!done.ok()) return done;
  return run(*database_,
             "DELETE FROM destinations WHERE name = ?1 AND waiting = 0 AND failures = 0 AND"
             " paused_until = 0",
             {destination});
}

Outcome<bool> QueueFile::claim_one(const std::string& destination,
                                   const model::ClaimQuestion& question, std::int64_t now,
                                   std::vector<Claimed>& into) {
  const auto known = read_destination(*database_, destination, now);
  if (!known.ok()) return known.failure();
  const auto number = find_integer(*database_, known.value().is_paused ? kFirstExpired : kFirstDue,
                                   {destination, now});
  if (!number.ok()) return number.failure();
  if (!number.value()) return false;
  const Outcome<void> ended = end_dropped(*number.value(), now);
  if (!ended.ok()) return ended.failure();
  auto stored = read_message(*database_, *number.value());
  if (!stored.ok()) return stored.failure();
  // What was told no is ended by now, and may have been all of it.
  const auto untold = find_integer(
      *database_,
      "SELECT is_untold FROM recipients" + std::string(kDueOfMessage) + " ORDER BY +due LIMIT 1",
      {*number.value(), destination, now});
  if (!untold.ok()) return untold.failure();
  if (!untold.value()) return true;
  Claimed claimed;
  model::Claim& claim = claimed.claim;
  claim.leased_until = lease_end(question.lease, now);
  const std::string worker = one_line(question.worker, kMostWorkerName);
  Outcome<void> done =
      run(*database_,
          "INSERT INTO leases (message, destination, until, worker) VALUES (?1, ?2, ?3, ?4)",
          {*number.value(), destination, claim.leased_until, worker});
  if (!done.ok()) return done.failure();
  const std::int64_t lease = database_->last_insert_id();
  done = run(*database_,
             "UPDATE recipients SET lease = ?4, leased_until = ?5, due = ?5" +
                 std::string(kDueOfMessage) + " AND is_untold = ?6",
             {*number.value(), destination, now, lease, claim.leased_until, *untold.value()});
  if (!done.ok()) return done.failure();
  claim.lease = static_cast<std::uint64_t>(lease);
  auto recipients = read_recipients(*database_, *number.value(), claim.lease, now);
  if (!recipients.ok()) return recipients.failure();
  claim.message = std::move(stored.value().message);
  claim.message.recipients = std::move(recipients.value());
  claim.destination = destination;
  claim.domain = std::move(stored.value().domain);
  claim.destination_failures = known.value().failures;
  claim.is_paused = known.value().is_paused;
  if (claim.is_paused) claim.pause_reason = known.value().reason;
  if (claim.message.is_forward) {
    claim.in_session = stored.value().in_session_until > now;
    claim.is_telling = *untold.value() != 0;
    auto facts = read_facts(*database_, *number.value());
    if (!facts.ok()) return facts.failure();
    claim.facts = std::move(facts).value();
  }
  claimed.return_path_domain = std::move(stored.value().return_path_domain);
  into.push_back(std::move(claimed));
  return true;
}

Outcome<Claims> QueueFile::claim(const model::ClaimQuestion& question, std::int64_t now) {
  if (question.holds.size() > kMostClaims)
    return Failure{Fault::kOverLimit, "", "a worker holds more leases than there are"};
  // Those whose lease ran out are due by then; what stays is the lease's row.
  const Outcome<void> over = run(*database_, "DELETE FROM leases WHERE until <= ?1", {now});
  if (!over.ok()) return over.failure();
  const std::string worker = one_line(question.worker, kMostWorkerName);
  const std::string machine = machine_of(worker);
  Outcome<void> ended;
  if (question.begins && !machine.empty())
    ended = end_leases_of(machine, question.holds, now);
  else if (question.has_lost && !worker.empty())
    ended = end_leases_of(worker, question.holds, now);
  if (!ended.ok()) return ended.failure();
  auto ready = find_ready(*database_, question, now);
  if (!ready.ok()) return ready.failure();
  Claims claims;
  const std::size_t most = std::min(question.most, kMostClaims);
  bool any = true;
  while (any && claims.claims.size() < most) {
    any = false;
    for (Destination& destination : ready.value()) {
      if (destination.room == 0 || claims.claims.size() >= most) continue;
      --destination.room;
      const auto claimed = claim_one(destination.name, question, now, claims.claims);
      if (!claimed.ok()) return claimed.failure();
      if (!claimed.value()) destination.room = 0;
      any = any || claimed.value();
    }
  }
  for (const Destination& destination : ready.value())
    if (const Outcome<void> done = refresh(destination.name); !done.ok()) return done.failure();
  const auto next = find_next(*database_, now);
  if (!next.ok()) return next.failure();
  claims.next = next.value();
  return claims;
}

Outcome<void> QueueFile::prolong(std::uint64_t lease, std::chrono::milliseconds by,
                                 std::int64_t now) {
  const auto id = static_cast<std::int64_t>(lease);
  const auto number = find_integer(*database_, "SELECT message FROM leases WHERE lease = ?1", {id});
  if (!number.ok()) return number.failure();
  if (!number.value()) return Failure{Fault::kWrongState, "the lease is over", ""};
  const std::int64_t until = lease_end(by, now);
  Outcome<void> done =
      run(*database_, "UPDATE leases SET until = ?2 WHERE lease = ?1", {id, until});
  if (!done.ok()) return done;
  done = run(*database_,
             "UPDATE recipients SET leased_until = ?3, due = CASE WHEN due IS NULL THEN NULL"
             " ELSE ?3 END WHERE message = ?1 AND lease = ?2 AND state = 1",
             {*number.value(), id, until});
  if (!done.ok()) return done;
  const auto names = list_texts(
      *database_, "SELECT DISTINCT destination FROM recipients WHERE message = ?1 AND lease = ?2",
      {*number.value(), id});
  if (!names.ok()) return names.failure();
  for (const std::string& name : names.value())
    if (done = refresh(name); !done.ok()) return done;
  return {};
}

}  // namespace fwd::queue
