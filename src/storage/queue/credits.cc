// Who may come back: credits that deliveries of forwards grant, each for one
// message to the return path they went out under, and senders too long to stand
// in a return path themselves.

#include "core/text.h"
#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

constexpr std::int64_t kPerDelivery = 3;
constexpr std::int64_t kMostCredits = 1000;  // of one path
constexpr std::int64_t kLife = 10 * 24 * 3600 * std::int64_t{1000};

}  // namespace

std::string credit_key(std::string_view sender, std::string_view return_path_domain) {
  if (sender.empty() || return_path_domain.empty()) return {};
  return to_lower(sender) + ' ' + to_lower(return_path_domain);
}

Outcome<void> QueueFile::spend_credit(const std::string& key, std::int64_t now) {
  if (key.empty()) return {};
  const Outcome<void> done =
      run(*database_,
          "UPDATE credits SET count = count - 1 WHERE path = ?1 AND count > 0 AND until >= ?2",
          {key, now});
  if (!done.ok() || database_->changes() > 0) return done;
  return Failure{Fault::kDenied, "nothing was forwarded under this return path lately", ""};
}

Outcome<bool> QueueFile::has_credit(const std::string& key, std::int64_t now) {
  const auto found = find_integer(
      *database_, "SELECT 1 FROM credits WHERE path = ?1 AND count > 0 AND until >= ?2",
      {key, now});
  if (!found.ok()) return found.failure();
  return found.value().has_value();
}

// Of a message that has ended: the return path may be used again when nobody had it.
Outcome<void> QueueFile::give_back_credit(std::int64_t number) {
  Outcome<void> done = run(*database_,
                           "UPDATE credits SET count = count + 1 WHERE path ="
                           " (SELECT spent FROM forwards WHERE message = ?1) AND NOT EXISTS"
                           " (SELECT 1 FROM recipients WHERE message = ?1 AND state = 2)",
                           {number});
  if (done.ok())
    done = run(*database_, "UPDATE forwards SET spent = '' WHERE message = ?1", {number});
  return done;
}

Outcome<void> QueueFile::grant_credits(const std::string& key, std::int64_t count,
                                       std::int64_t now) {
  if (key.empty() || count == 0) return {};
  const Outcome<void> done =
      run(*database_,
          "UPDATE credits SET count = min(?4, ?2 + CASE WHEN until >= ?5 THEN count ELSE 0 END),"
          " until = ?3 WHERE path = ?1",
          {key, count, now + kLife, kMostCredits, now});
  if (!done.ok() || database_->changes() > 0) return done;
  return run(*database_, "INSERT INTO credits (path, count, until) VALUES (?1, ?2, ?3)",
             {key, count, now + kLife});
}

// A recipient is delivered once, so it grants once.  A webhook sends nothing back.
Outcome<void> QueueFile::grant_for(std::int64_t number, const model::Report& report,
                                   std::int64_t now) {
  const auto stored = read_message(*database_, number);
  if (!stored.ok()) return stored.failure();
  const model::Outbound& message = stored.value().message;
  if (!message.is_forward) return {};
  std::int64_t count = 0;
  for (const model::RecipientReport& one : report.recipients) {
    if (one.state != model::RecipientState::kDelivered) continue;
    const auto grants =
        find_integer(*database_,
                     "SELECT kind <> ?3 FROM recipients WHERE message = ?1 AND number = ?2 AND"
                     " state = 2 AND last_time > 0",
                     {number, std::int64_t{one.number},
                      static_cast<std::int64_t>(model::DestinationKind::kWebhook)});
    if (!grants.ok()) return grants.failure();
    count += grants.value().value_or(0);
  }
  const auto others = list_texts(
      *database_, "SELECT comes_back_to FROM forwards WHERE message = ?1 AND comes_back_to <> ''",
      {number});
  if (!others.ok()) return others.failure();
  const std::string& sender = others.value().empty() ? message.envelope_from : others.value()[0];
  return grant_credits(credit_key(sender, stored.value().return_path_domain), count * kPerDelivery,
                       now);
}

// Kept until nobody can come back to it.
Outcome<void> QueueFile::keep_token(const Forward& what, std::int64_t now) {
  if (what.token.empty()) return {};
  return run(*database_,
             "INSERT OR REPLACE INTO short_paths (token, sender, until) VALUES (?1, ?2, ?3)",
             {what.token, what.forward.message.envelope_from, now + options_.life.count() + kLife});
}

Outcome<std::string> QueueFile::find_token(const std::string& token, std::int64_t now) {
  const auto senders = list_texts(
      *database_, "SELECT sender FROM short_paths WHERE token = ?1 AND until >= ?2", {token, now});
  if (!senders.ok()) return senders.failure();
  if (senders.value().empty()) return Failure{Fault::kNotFound, "there is no such path", ""};
  return senders.value().front();
}

}  // namespace fwd::queue
