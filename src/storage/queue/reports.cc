// What an attempt came to, and what that makes of the message.
//
//   still to be tried, one of them tried before    deferred
//   all delivered                                  sent
//   some delivered, the rest refused for good      partially_sent
//   all failed, a remote's word or the end of time bounced
//   all failed by our own decision                 rejected
#include <algorithm>
#include <set>
#include <utility>

#include "core/text.h"
#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

using model::OutboundState;
using model::RecipientState;

constexpr std::size_t kMostResponse = 1000;
constexpr std::size_t kMostWord = 256;
constexpr std::size_t kMostNotices = 1000;  // of one report

// How its recipients stand.
struct Tally {
  std::int64_t waiting = 0, tried = 0, delivered = 0, failed = 0, by_remote = 0;
};

Outcome<Tally> tally_of(sqlcipher::Database& database, std::int64_t number) {
  sqlcipher::Statement row =
      prepare(database,
              "SELECT TOTAL(state = 1), TOTAL(state = 1 AND attempts > 0), TOTAL(state = 2),"
              " TOTAL(state = 3), TOTAL(state = 3 AND last_from_remote)"
              " FROM recipients WHERE message = ?1",
              {number});
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  return Tally{row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)};
}

OutboundState state_of(const Tally& tally, const model::Outbound& message, std::int64_t now) {
  if (tally.waiting > 0) {
    if (tally.tried > 0) return OutboundState::kDeferred;
    return message.state;
  }
  if (tally.failed == 0) return OutboundState::kSent;
  if (tally.delivered > 0) return OutboundState::kPartiallySent;
  if (message.is_given_up) return OutboundState::kRejected;
  return tally.by_remote > 0 || now >= message.expires ? OutboundState::kBounced
                                                       : OutboundState::kRejected;
}

bool is_known(RecipientState state) {
  return state == RecipientState::kWaiting || state == RecipientState::kDelivered ||
         state == RecipientState::kFailed;
}

}  // namespace

Outcome<void> QueueFile::end(std::int64_t number, OutboundState state, std::int64_t now) {
  const auto keep =
      find_integer(*database_, "SELECT keep FROM messages WHERE number = ?1", {number});
  if (!keep.ok()) return keep.failure();
  const std::int64_t span = keep.value().value_or(0);
  Outcome<void> done =
      run(*database_,
          "UPDATE messages SET state = ?2, ended = ?3, is_held = 0, redact_at = ?4"
          " WHERE number = ?1",
          {number, static_cast<std::int64_t>(state), now, span > 0 ? now + span : std::int64_t{0}});
  if (done.ok()) done = count(0, -1);
  if (done.ok()) done = run(*database_, "DELETE FROM leases WHERE message = ?1", {number});
  if (done.ok())
    done = run(*database_, "UPDATE forwards SET webhook_json = '' WHERE message = ?1", {number});
  if (done.ok()) done = give_back_credit(number);
  if (done.ok() && span <= 0) done = drop_content(number);
  return done;
}

Outcome<void> QueueFile::settle(std::int64_t number, std::int64_t now) {
  const auto stored = read_message(*database_, number);
  if (!stored.ok()) return stored.failure();
  const model::Outbound& message = stored.value().message;
  const bool still = message.is_held || message.state == OutboundState::kPending;
  Outcome<void> done = run(*database_,
                           "UPDATE recipients SET due = CASE WHEN state = 1 AND ?2 = 0 THEN"
                           " max(next_attempt, leased_until) ELSE NULL END WHERE message = ?1",
                           {number, std::int64_t{still}});
  if (!done.ok()) return done;
  const auto names = list_texts(
      *database_, "SELECT DISTINCT destination FROM recipients WHERE message = ?1", {number});
  if (!names.ok()) return names.failure();
  for (const std::string& name : names.value())
    if (done = refresh(name); !done.ok()) return done;
  if (model::is_final(message.state)) return {};
  const auto tally = tally_of(*database_, number);
  if (!tally.ok()) return tally.failure();
  const OutboundState state = state_of(tally.value(), message, now);
  if (model::is_final(state)) return end(number, state, now);
  return run(*database_, "UPDATE messages SET state = ?2 WHERE number = ?1",
             {number, static_cast<std::int64_t>(state)});
}

Outcome<void> QueueFile::judge_again(std::int64_t number, std::int64_t now) {
  const auto stored = read_message(*database_, number);
  if (!stored.ok()) return stored.failure();
  if (!model::is_final(stored.value().message.state)) return {};
  const auto tally = tally_of(*database_, number);
  if (!tally.ok()) return tally.failure();
  const OutboundState state = state_of(tally.value(), stored.value().message, now);
  return run(*database_, "UPDATE messages SET state = ?2 WHERE number = ?1",
             {number, static_cast<std::int64_t>(state)});
}

Outcome<bool> QueueFile::apply(std::int64_t number, std::uint64_t lease,
                               const model::RecipientReport& report, std::int64_t now) {
  const model::AttemptResult& result = report.result;
  const bool waits = report.state == RecipientState::kWaiting;
  const std::string status = one_line(result.status, kMostWord);
  const std::string response = one_line(result.response, kMostResponse);
  const std::string mx = one_line(result.mx, kMostWord);
  const std::string ip = one_line(result.ip, kMostWord);
  const std::string tls = one_line(result.tls, kMostWord);
  const Outcome<void> done =
      run(*database_,
          "UPDATE recipients SET state = ?4, attempts = attempts + (is_untold = 0), next_attempt ="
          " CASE WHEN ?4 = 1 AND ?18 = 0 AND (SELECT is_given_up FROM messages WHERE number = ?1)"
          " THEN ?17 ELSE ?5 END, is_untold = ?18,"
          " expires = CASE WHEN ?18 THEN min(expires, ?5) ELSE expires END,"
          " lease = 0, leased_until = 0, delay_told = max(delay_told, ?6), last_time = ?7,"
          " last_code = ?8, last_status = ?9, last_response = ?10, last_mx = ?11, last_ip = ?12,"
          " last_tls = ?13, last_from_remote = ?14, last_was_relayed = ?15, last_duration = ?16"
          " WHERE message = ?1 AND number = ?2 AND lease = ?3 AND state = 1",
          {number, std::int64_t{report.number}, static_cast<std::int64_t>(lease),
           static_cast<std::int64_t>(report.state), waits ? std::max(report.next_attempt, now) : 0,
           std::int64_t{report.delay_told}, result.time > 0 ? result.time : now,
           std::int64_t{result.code}, status, response, mx, ip, tls,
           std::int64_t{result.from_remote}, std::int64_t{result.was_relayed},
           std::int64_t{result.duration_ms}, now, std::int64_t{report.is_untold && waits}});
  if (!done.ok()) return done.failure();
  const bool applied = database_->changes() > 0;
  if (!applied || waits) return applied;
  const auto destination = list_texts(
      *database_, "SELECT destination FROM recipients WHERE message = ?1 AND number = ?2",
      {number, std::int64_t{report.number}});
  if (!destination.ok()) return destination.failure();
  const Outcome<void> counted = count_waiting(destination.value().at(0), -1);
  if (!counted.ok()) return counted.failure();
  return true;
}

Outcome<void> QueueFile::note_destination(const model::Report& report, std::int64_t now) {
  if (!report.has_destination || report.destination_name.empty()) return {};
  const std::string name = to_lower(one_line(report.destination_name, kMostWord));
  const std::string reason = one_line(report.destination.reason, kMostResponse);
  const std::int64_t failures{report.destination.failures};
  // A pause that is over is none.
  const std::int64_t pause =
      report.destination.paused_until > now ? report.destination.paused_until : 0;
  Outcome<void> done =
      run(*database_,
          "UPDATE destinations SET failures = ?2, paused_until = ?3, reason = ?4, told = ?5"
          " WHERE name = ?1",
          {name, failures, pause, reason, now});
  if (done.ok() && database_->changes() == 0 && (failures > 0 || pause > 0))
    done = run(*database_,
               "INSERT INTO destinations (name, failures, paused_until, reason, told)"
               " VALUES (?1, ?2, ?3, ?4, ?5)",
               {name, failures, pause, reason, now});
  if (!done.ok()) return done;
  return refresh(name);
}

Outcome<void> QueueFile::add_notices(const model::Report& report, std::int64_t number,
                                     std::int64_t now) {
  if (report.notices.empty()) return {};
  const auto stored = read_message(*database_, number);
  if (!stored.ok()) return stored.failure();
  // Never a bounce to a bounce, whatever the worker says.
  if (stored.value().message.envelope_from.empty()) return {};
  if (report.notices.size() > kMostNotices)
    return Failure{Fault::kOverLimit, "too many notices in one report", ""};
  Owner owner;
  owner.domain_id = stored.value().message.domain_id;
  owner.user_id = stored.value().message.user_id;
  owner.alias_id = stored.value().message.alias_id;
  owner.is_notice = true;
  for (const model::NewOutbound& notice : report.notices) {
    if (!notice.envelope_from.empty())
      return Failure{Fault::kBadInput, "a notice has no envelope sender", ""};
    // Of a forward the people of the address that was written to tell, wherever that led.
    const std::size_t at = notice.header_from.rfind('@');
    owner.domain = stored.value().message.is_forward && at != std::string::npos
                       ? notice.header_from.substr(at + 1)
                       : stored.value().domain;
    const auto added = add(notice, owner, now);
    if (!added.ok()) return added.failure();
  }
  return {};
}

// Who failed in session is told of when that is over.  What was dropped while a
// worker had it is over whatever came of it, but for its delivery.
Outcome<model::RecipientReport> QueueFile::as_forward(std::int64_t number,
                                                      model::RecipientReport report,
                                                      std::int64_t now) {
  if (report.state == RecipientState::kDelivered) return report;
  sqlcipher::Statement row = prepare(
      *database_,
      "SELECT r.is_dropped, m.in_session_until FROM recipients r JOIN messages m ON m.number ="
      " r.message WHERE r.message = ?1 AND r.number = ?2 AND m.is_forward",
      {number, std::int64_t{report.number}});
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  const bool is_untold = std::exchange(report.is_untold, false);
  if (!found.value()) return report;
  if (row.integer(0) != 0) {
    report.state = RecipientState::kFailed;
  } else if (is_untold && report.state == RecipientState::kFailed) {
    report.state = RecipientState::kWaiting;
    report.is_untold = true;
    report.next_attempt = std::max(row.integer(1), now);
  }
  return report;
}

Outcome<void> QueueFile::report(const model::Report& report, std::int64_t now) {
  const auto number = find_number(*database_, report.message_id);
  if (!number.ok()) return number.failure();
  std::int64_t taken = 0, delivered = 0, failed = 0;
  for (const model::RecipientReport& one : report.recipients) {
    if (!is_known(one.state)) return Failure{Fault::kBadInput, "no such recipient state", ""};
    if (report.lease == 0) break;
    const auto judged = as_forward(number.value(), one, now);
    if (!judged.ok()) return judged.failure();
    const auto applied = apply(number.value(), report.lease, judged.value(), now);
    if (!applied.ok()) return applied.failure();
    if (!applied.value()) continue;
    ++taken;
    if (judged.value().state == RecipientState::kDelivered) ++delivered;
    if (judged.value().state == RecipientState::kFailed) ++failed;
  }
  if (taken == 0)
    return Failure{Fault::kWrongState, "the recipients are with somebody else by now", ""};
  Outcome<void> done = add_notices(report, number.value(), now);
  if (done.ok()) done = count_day(0, delivered, failed, taken - delivered - failed);
  if (done.ok() && delivered > 0) done = grant_for(number.value(), report, now);
  if (!done.ok()) return done;
  const auto lease = static_cast<std::int64_t>(report.lease);
  done = run(*database_,
             "DELETE FROM leases WHERE lease = ?1 AND NOT EXISTS (SELECT 1 FROM recipients"
             " WHERE message = ?2 AND lease = ?1 AND state = 1)",
             {lease, number.value()});
  if (!done.ok()) return done;
  if (done = note_destination(report, now); !done.ok()) return done;
  return settle(number.value(), now);
}

}  // namespace fwd::queue
