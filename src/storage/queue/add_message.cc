// Taking a message in: everything is checked that the sender may have chosen,
// as it will stand in commands and notices one day.
#include <sys/statvfs.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "format/address.h"
#include "format/header_lines.h"
#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

constexpr std::size_t kPiece = 256 << 10;
constexpr std::size_t kMostId = 64;
constexpr std::size_t kMostEnvelopeId = 400;  // RFC 3461 §4.4: 100 characters, in UTF-8
constexpr std::size_t kMostOriginal = 500;    // RFC 3461 §4.2
constexpr std::size_t kMostField = 998;
constexpr std::size_t kMostSubject = 400;
constexpr std::size_t kMostPlace = 4096;  // a URL, or an address
constexpr std::string_view kOwnFields = "X-Forward-Email-";

Failure wrong(const std::string& what) { return {Fault::kBadInput, what, ""}; }

bool is_address(const std::string& text) {
  return format::parse_mailbox(text, format::AddressCharset::kUtf8).ok();
}

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= kMostId && std::all_of(id.begin(), id.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '_' || c == '.';
  });
}

// What a program that comes again says unchanged: all but the trace, which we
// or others on the way wrote.
std::string digest_of(std::string_view content) {
  std::string header;
  std::size_t walked = 0;
  format::HeaderLines lines(content);
  while (const auto line = lines.next()) {
    walked += line->raw.size();
    if (!same_word(line->name, "Received") && !starts_with_word(line->name, kOwnFields))
      header += line->raw;
  }
  return crypto::blake2b_256(header) + crypto::blake2b_256(content.substr(walked));
}

// The envelope's order is nobody's business.
std::string fingerprint_of(const model::NewOutbound& message, const Owner& owner) {
  if (owner.is_notice || message.message_id.empty()) return {};
  std::set<std::string> recipients;
  for (const model::NewRecipient& one : message.recipients) {
    const auto address = format::parse_mailbox(one.address, format::AddressCharset::kUtf8);
    recipients.insert(address.ok() ? address.value().text() : one.address);
  }
  std::string all;
  const auto add = [&all](std::string_view part) {
    all += std::to_string(part.size()) + ':';
    all += part;
  };
  add(message.message_id);
  add(std::to_string(message.date));
  add(owner.domain_id);
  add(owner.user_id);
  add(message.envelope_from);
  add(digest_of(message.content));
  for (const std::string& one : recipients) add(one);
  return to_hex(crypto::blake2b(24, all));
}

}  // namespace

Outcome<void> check_fields(const model::NewOutbound& message) {
  if (!message.id.empty() && !is_id(message.id)) return wrong("the id is not one");
  if (!message.envelope_from.empty() && !is_address(message.envelope_from))
    return wrong("the sender is no address");
  struct Row {
    const std::string& text;
    std::size_t most;
    const char* name;
  };
  for (const Row& row : {Row{message.envelope_id, kMostEnvelopeId, "the envelope id"},
                         Row{message.message_id, kMostField, "the Message-ID"},
                         Row{message.header_from, kMostField, "the address in From"},
                         Row{message.not_to, kMostPlace, "where it must not go"}})
    if (row.text.size() > row.most || has_control(row.text))
      return wrong(std::string(row.name) + " is too long or has control characters");
  for (const model::NewRecipient& recipient : message.recipients) {
    if (!is_address(recipient.address)) return wrong("a recipient is no address");
    if (recipient.original.size() > kMostOriginal || has_control(recipient.original))
      return wrong("an original recipient is too long or has control characters");
  }
  return {};
}

Outcome<void> QueueFile::count(std::int64_t octets, std::int64_t open) {
  return run(*database_, "UPDATE totals SET octets = octets + ?1, open = open + ?2 WHERE id = 1",
             {octets, open});
}

Outcome<void> QueueFile::has_room(std::uint64_t octets) {
  const Failure full{Fault::kOverQuota, "there is no room for more mail now; try again later",
                     "the queue is full"};
  sqlcipher::Statement totals =
      prepare(*database_, "SELECT octets, open FROM totals WHERE id = 1", Values());
  const Outcome<bool> found = totals.step();
  if (!found.ok()) return found.failure();
  if (static_cast<std::uint64_t>(totals.integer(0)) + octets > options_.most_octets ||
      static_cast<std::uint64_t>(totals.integer(1)) >= options_.most_messages)
    return full;
  struct statvfs disk {};
  if (::statvfs(database_->path().c_str(), &disk) != 0) return {};  // its trouble tells itself
  // A message is written twice before the log is folded into the file.
  const std::uint64_t needed = options_.disk_reserve + 2 * octets;
  if (std::uint64_t{disk.f_bavail} * disk.f_frsize >= needed) return {};
  return Failure{Fault::kOverQuota, full.public_text, "the disk is nearly full"};
}

Outcome<void> QueueFile::insert_content(std::int64_t number, std::string_view content) {
  sqlcipher::Statement piece =
      database_->prepare("INSERT INTO contents (message, number, octets) VALUES (?1, ?2, ?3)");
  for (std::size_t i = 0; i * kPiece < content.size(); ++i) {
    piece.bind(1, number).bind(2, static_cast<std::int64_t>(i));
    piece.bind_blob_view(3, content.substr(i * kPiece, kPiece));
    if (const Outcome<void> done = piece.run(); !done.ok()) return done;
  }
  return {};
}

Outcome<void> QueueFile::insert_recipients(std::int64_t number, const model::NewOutbound& message,
                                           const Owner& owner, std::int64_t now) {
  const std::int64_t first = std::max(message.not_before, now);
  std::set<std::string> told;
  std::map<std::string, std::int64_t> destinations;  // and how many are there
  std::int64_t count = 0;
  for (const model::NewRecipient& one : message.recipients) {
    const auto address = format::parse_mailbox(one.address, format::AddressCharset::kUtf8);
    if (!address.ok()) return address.failure();
    // Who is named twice gets it once.
    if (!told.insert(address.value().text()).second) continue;
    ++destinations[address.value().domain];
    Outcome<void> done =
        run(*database_,
            "INSERT INTO recipients (message, number, address, destination, notify, original,"
            " state, next_attempt, due, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7,"
            " CASE WHEN ?8 THEN NULL ELSE ?7 END,"
            " (SELECT expires FROM messages WHERE number = ?1))",
            {number, count++, one.address, address.value().domain, std::int64_t{one.notify},
             one.original, first, std::int64_t{owner.is_pending}});
    if (!done.ok()) return done;
  }
  for (const auto& [destination, recipients] : destinations) {
    Outcome<void> done = count_waiting(destination, recipients);
    if (done.ok()) done = refresh(destination);
    if (!done.ok()) return done;
  }
  return {};
}

Outcome<std::int64_t> QueueFile::insert(const model::NewOutbound& message, const Owner& owner,
                                        const std::string& id, const std::string& fingerprint,
                                        std::int64_t now) {
  const std::int64_t last = std::max(now, message.not_before) + options_.life.count();
  const std::int64_t expires = message.expires > 0 ? std::min(message.expires, last) : last;
  const auto state =
      owner.is_pending ? model::OutboundState::kPending : model::OutboundState::kQueued;
  const std::string subject = one_line(message.subject, kMostSubject);
  const Outcome<void> done = run(
      *database_,
      "INSERT INTO messages (id, state, domain_id, user_id, alias_id, domain, return_path_domain,"
      " envelope_from, envelope_id, returns, body, smtp_utf8, require_tls, tls_optional, created,"
      " not_before, expires, size, header_from, message_id, date, subject, keep, fingerprint,"
      " not_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
      "?17, ?18,"
      " ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
      {id,
       static_cast<std::int64_t>(state),
       owner.domain_id,
       owner.user_id,
       owner.alias_id,
       owner.domain,
       owner.return_path_domain,
       message.envelope_from,
       message.envelope_id,
       static_cast<std::int64_t>(message.returns),
       static_cast<std::int64_t>(message.body),
       std::int64_t{message.smtp_utf8},
       std::int64_t{message.require_tls},
       std::int64_t{message.tls_optional},
       now,
       message.not_before,
       expires,
       static_cast<std::int64_t>(message.content.size()),
       message.header_from,
       message.message_id,
       message.date,
       subject,
       owner.keep.count(),
       fingerprint,
       message.not_to});
  if (!done.ok()) return done.failure();
  return database_->last_insert_id();
}

Outcome<Accepted> QueueFile::add(const model::NewOutbound& message, const Owner& owner,
                                 std::int64_t now) {
  if (message.recipients.empty()) return wrong("there is no recipient");
  if (message.recipients.size() > options_.most_recipients)
    return Failure{Fault::kOverLimit, "too many recipients", ""};
  if (message.content.size() > options_.most_message_octets)
    return Failure{Fault::kOverLimit, "the message is too large", ""};
  if (const Outcome<void> checked = check_fields(message); !checked.ok()) return checked.failure();
  const std::string fingerprint = fingerprint_of(message, owner);
  if (!fingerprint.empty()) {
    // One that did not reach everybody may be sent again.
    const auto known = list_texts(*database_,
                                  "SELECT id FROM messages WHERE fingerprint = ?1 AND"
                                  " fingerprint <> '' AND created > ?2 AND state < 5 LIMIT 1",
                                  {fingerprint, now - options_.repeat_window.count()});
    if (!known.ok()) return known.failure();
    if (!known.value().empty()) return Accepted{known.value().front(), true};
  }
  // A notice is small, and what it tells of must be ended even now.
  if (!owner.is_notice) {
    const Outcome<void> room = has_room(message.content.size());
    if (!room.ok()) return room.failure();
  }
  const std::string id = message.id.empty() ? crypto::log_id() : message.id;
  const auto number = insert(message, owner, id, fingerprint, now);
  if (!number.ok()) return number.failure();
  Outcome<void> done = insert_content(number.value(), message.content);
  if (done.ok()) done = insert_recipients(number.value(), message, owner, now);
  if (done.ok()) done = count(static_cast<std::int64_t>(message.content.size()), 1);
  if (done.ok() && !owner.is_notice) done = count_day(1, 0, 0, 0);
  if (!done.ok()) return done.failure();
  return Accepted{id, false};
}

}  // namespace fwd::queue
