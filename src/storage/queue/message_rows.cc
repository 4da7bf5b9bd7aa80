// A message and its recipients as they are stored.
#include "storage/queue/message_rows.h"

#include <algorithm>

#include "core/text.h"
#include "format/address.h"
#include "format/domain_name.h"

namespace fwd::queue {
namespace {

constexpr std::string_view kMessage =
    "SELECT number, id, state, is_held, is_redacted, is_given_up, domain_id, user_id, alias_id,"
    " domain, return_path_domain, envelope_from, envelope_id, returns, body, smtp_utf8,"
    " require_tls, tls_optional, created, not_before, expires, ended, size, header_from,"
    " message_id, date, subject, keep, is_forward, in_session_until,"
    " ifnull((SELECT shown FROM forwards f WHERE f.message = messages.number), ''), not_to"
    " FROM messages WHERE number = ?1";

constexpr std::string_view kRecipients =
    "SELECT number, address, destination, notify, original, state, attempts, next_attempt,"
    " leased_until, delay_told, last_time, last_code, last_status, last_response, last_mx,"
    " last_ip, last_tls, last_from_remote, last_was_relayed, last_duration, kind, host, port,"
    " is_untold, alias_id"
    " FROM recipients WHERE message = ?1 AND (?2 = 0 OR lease = ?2) ORDER BY number";

model::OutboundRecipient recipient_of(const sqlcipher::Statement& row, std::int64_t now) {
  model::OutboundRecipient recipient;
  recipient.number = static_cast<std::uint32_t>(row.integer(0));
  recipient.address = row.text(1);
  recipient.destination = row.text(2);
  recipient.notify = static_cast<std::uint8_t>(row.integer(3));
  recipient.original = row.text(4);
  recipient.state = static_cast<model::RecipientState>(row.integer(5));
  recipient.attempts = static_cast<std::uint32_t>(row.integer(6));
  recipient.next_attempt = row.integer(7) == kAtOnce ? now : row.integer(7);
  recipient.leased_until = row.integer(8) > now ? row.integer(8) : 0;
  recipient.delay_told = row.integer(9) != 0;
  model::AttemptResult& last = recipient.last;
  last.time = row.integer(10);
  last.code = static_cast<std::uint16_t>(row.integer(11));
  last.status = row.text(12);
  last.response = row.text(13);
  last.mx = row.text(14);
  last.ip = row.text(15);
  last.tls = row.text(16);
  last.from_remote = row.integer(17) != 0;
  last.was_relayed = row.integer(18) != 0;
  last.duration_ms = static_cast<std::uint32_t>(row.integer(19));
  recipient.kind = static_cast<model::DestinationKind>(row.integer(20));
  recipient.host = row.text(21);
  recipient.port = static_cast<std::uint16_t>(row.integer(22));
  recipient.is_untold = row.integer(23) != 0;
  recipient.alias_id = row.text(24);
  return recipient;
}

}  // namespace

Outcome<StoredMessage> read_message(sqlcipher::Database& database, std::int64_t number) {
  sqlcipher::Statement row = prepare(database, kMessage, {number});
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return Failure{Fault::kNotFound, "there is no such message", ""};
  StoredMessage stored;
  model::Outbound& message = stored.message;
  stored.number = row.integer(0);
  message.id = row.text(1);
  message.state = static_cast<model::OutboundState>(row.integer(2));
  message.is_held = row.integer(3) != 0;
  message.is_redacted = row.integer(4) != 0;
  message.is_given_up = row.integer(5) != 0;
  message.domain_id = row.text(6);
  message.user_id = row.text(7);
  message.alias_id = row.text(8);
  stored.domain = row.text(9);
  stored.return_path_domain = row.text(10);
  message.envelope_from = row.text(11);
  message.envelope_id = row.text(12);
  message.returns = static_cast<model::ReturnContent>(row.integer(13));
  message.body = static_cast<model::BodyKind>(row.integer(14));
  message.smtp_utf8 = row.integer(15) != 0;
  message.require_tls = row.integer(16) != 0;
  message.tls_optional = row.integer(17) != 0;
  message.created = row.integer(18);
  message.not_before = row.integer(19);
  message.expires = row.integer(20);
  message.ended = row.integer(21);
  message.size = static_cast<std::uint64_t>(row.integer(22));
  message.header_from = row.text(23);
  message.message_id = row.text(24);
  message.date = row.integer(25);
  message.subject = row.text(26);
  stored.keep = row.integer(27);
  message.is_forward = row.integer(28) != 0;
  stored.in_session_until = row.integer(29);
  message.shown = row.text(30);
  message.not_to = row.text(31);
  return stored;
}

Outcome<std::vector<model::OutboundRecipient>> read_recipients(sqlcipher::Database& database,
                                                               std::int64_t number,
                                                               std::uint64_t lease,
                                                               std::int64_t now) {
  sqlcipher::Statement row =
      prepare(database, kRecipients, {number, static_cast<std::int64_t>(lease)});
  std::vector<model::OutboundRecipient> recipients;
  for (;;) {
    const Outcome<bool> more = row.step();
    if (!more.ok()) return more.failure();
    if (!more.value()) return recipients;
    recipients.push_back(recipient_of(row, now));
  }
}

Outcome<model::ForwardFacts> read_facts(sqlcipher::Database& database, std::int64_t number) {
  sqlcipher::Statement row =
      prepare(database,
              "SELECT shown, may_report, auth_results, arc_chain, webhook_json, may_sign,"
              " origin, hops FROM forwards WHERE message = ?1",
              {number});
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return model::ForwardFacts{};
  return model::ForwardFacts{
      row.text(0), row.integer(1) != 0, row.text(2), row.text(3),
      row.text(4), row.integer(5) != 0, row.text(6), static_cast<std::uint32_t>(row.integer(7))};
}

Outcome<std::int64_t> find_number(sqlcipher::Database& database, const std::string& id) {
  const auto number = find_integer(database, "SELECT number FROM messages WHERE id = ?1", {id});
  if (!number.ok()) return number.failure();
  if (!number.value()) return Failure{Fault::kNotFound, "there is no such message", ""};
  return *number.value();
}

namespace {

// A place in the statement for a text.
std::string place(Where& where, std::string text) {
  where.texts.push_back(std::move(text));
  return "?" + std::to_string(where.texts.size());
}

std::string states_of(const model::QueueFilter& filter) {
  if (filter.states.empty()) return filter.id.empty() ? " AND m.state < 4" : "";
  std::string list;
  for (const model::OutboundState state : filter.states)
    list += (list.empty() ? "" : ",") + std::to_string(static_cast<int>(state));
  return " AND m.state IN (" + list + ")";
}

// Of messages that have not ended, those that wait for it, by the index of what
// waits; of others those that went there.
void add_destination(const model::QueueFilter& filter, Where& where) {
  std::string wanted = " destination = " + place(where, destination_key(filter.destination));
  if (filter.destination.find('@') != std::string::npos)
    wanted += " AND lower(address) = " + place(where, to_lower(filter.destination));
  const bool waits = std::none_of(filter.states.begin(), filter.states.end(), model::is_final) &&
                     filter.id.empty();
  where.sql +=
      waits ? " AND m.number IN (SELECT message FROM recipients INDEXED BY"
              " recipients_waiting WHERE state = 1 AND" +
                  wanted + ")"
            : " AND EXISTS (SELECT 1 FROM recipients WHERE message = m.number AND" + wanted + ")";
}

}  // namespace

std::string destination_key(std::string_view domain_or_address) {
  const std::string_view domain = domain_or_address.substr(domain_or_address.rfind('@') + 1);
  const auto ascii = format::domain_to_ascii(domain);
  return ascii.ok() ? ascii.value() : to_lower(domain);
}

void fill_where(const model::QueueFilter& filter, Where& where) {
  where.sql = " WHERE 1" + states_of(filter);
  if (!filter.id.empty()) where.sql += " AND m.id = " + place(where, filter.id);
  if (!filter.domain_id.empty())
    where.sql += " AND m.domain_id <> '' AND m.domain_id = " + place(where, filter.domain_id);
  if (!filter.user_id.empty()) where.sql += " AND m.user_id = " + place(where, filter.user_id);
  if (!filter.alias_id.empty())
    where.sql += " AND m.alias_id <> '' AND m.alias_id = " + place(where, filter.alias_id);
  if (!filter.sender.empty())
    where.sql += " AND lower(m.envelope_from) = " + place(where, to_lower(filter.sender));
  if (!filter.destination.empty()) add_destination(filter, where);
  if (!filter.before.empty())
    where.sql +=
        " AND m.number < (SELECT number FROM messages WHERE id = " + place(where, filter.before) +
        ")";
  for (const std::string& text : where.texts) where.values.emplace_back(std::string_view(text));
}

}  // namespace fwd::queue
