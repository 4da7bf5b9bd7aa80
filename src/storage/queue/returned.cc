// What came back to its return path after it had been delivered.
#include <algorithm>
#include <set>
#include <utility>

#include "core/text.h"
#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {
namespace {

using model::RecipientState;

constexpr std::size_t kMostResponse = 1000;
constexpr std::size_t kMostWord = 256;
// A Message-ID is used again only by who sends a message again.
constexpr std::string_view kFind =
    "SELECT number FROM messages WHERE message_id = ?1 AND envelope_from = ?2 COLLATE NOCASE"
    " ORDER BY number DESC LIMIT 10";

// What went on, also with a return path made for another's.  More than kMostForwards
// are too many to be sure of any.
constexpr std::string_view kFindForwards =
    "SELECT m.number FROM messages m LEFT JOIN forwards f ON f.message = m.number"
    " WHERE m.message_id = ?1 AND m.is_forward AND (m.envelope_from = ?2 COLLATE NOCASE OR"
    " f.comes_back_to = ?2 COLLATE NOCASE) ORDER BY m.number DESC LIMIT 101";
constexpr std::size_t kMostForwards = 100;
constexpr std::size_t kMostSecrets = 1000;

// "rfc822;user@example.com" without its type.
std::string_view without_type(std::string_view original) {
  const std::size_t semicolon = original.find(';');
  return trim(semicolon == std::string_view::npos ? original : original.substr(semicolon + 1));
}

bool is_meant(const model::OutboundRecipient& recipient, const model::ReturnedRecipient& said) {
  return same_word(recipient.address, said.address) ||
         same_word(recipient.address, without_type(said.original)) ||
         (!recipient.original.empty() &&
          same_word(without_type(recipient.original), without_type(said.original)));
}

bool names_one(const model::CameBack& back,
               const std::vector<model::OutboundRecipient>& recipients) {
  return std::any_of(recipients.begin(), recipients.end(), [&back](const auto& one) {
    return std::any_of(back.addresses.begin(), back.addresses.end(),
                       [&one](const auto& named) { return same_word(one.address, named); });
  });
}

// What is known of some that went on.
struct Found {
  model::WentOn forward;
  std::set<std::string> secrets;
};

// Several that were written to are none that could be named.
void note_forward(const model::Outbound& message,
                  const std::vector<model::OutboundRecipient>& recipients, Found& found) {
  model::WentOn& into = found.forward;
  if (!into.is_forward) {
    into.shown = message.shown;
    into.message_id = message.message_id;
    into.created = message.created;
  } else if (!same_word(into.shown, message.shown)) {
    into.shown.clear();
  }
  into.is_forward = true;
  for (const model::OutboundRecipient& one : recipients)
    for (const std::string_view word :
         {std::string_view(one.address),
          std::string_view(one.address).substr(one.address.rfind('@') + 1),
          std::string_view(one.host), std::string_view(one.last.mx), std::string_view(one.last.ip)})
      if (!word.empty()) found.secrets.insert(to_lower(word));
}

model::WentOn answer_of(Found found) {
  if (found.secrets.size() <= kMostSecrets)
    found.forward.secrets.assign(found.secrets.begin(), found.secrets.end());
  return std::move(found.forward);
}

// The code that the words begin with, if it is one of refusal.
std::int64_t code_of(std::string_view response) {
  constexpr std::int64_t kUnsaid = 550;
  if (response.size() < 3 || (response[0] != '4' && response[0] != '5')) return kUnsaid;
  if (!is_digit(response[1]) || !is_digit(response[2])) return kUnsaid;
  return (response[0] - '0') * 100 + (response[1] - '0') * 10 + (response[2] - '0');
}

}  // namespace

// A notice may name another address than ours, as the mail was passed on from
// there; when there was only one recipient it means that one.
Outcome<std::size_t> QueueFile::mark_recipients(std::int64_t number,
                                                const model::Returned& returned, std::int64_t now) {
  const auto recipients = read_recipients(*database_, number, 0, now);
  if (!recipients.ok()) return recipients.failure();
  const bool is_only = recipients.value().size() == 1;
  std::size_t marked = 0;
  for (const model::OutboundRecipient& one : recipients.value()) {
    if (one.state != RecipientState::kDelivered) continue;
    const auto said = std::find_if(returned.failed.begin(), returned.failed.end(),
                                   [&](const auto& it) { return is_only || is_meant(one, it); });
    if (said == returned.failed.end()) continue;
    const std::string status = one_line(said->status, kMostWord);
    const std::string response = one_line(said->response, kMostResponse);
    const std::string mx = one_line(said->mx, kMostWord);
    const Outcome<void> done =
        run(*database_,
            "UPDATE recipients SET state = 3, last_time = ?3, last_code = ?4, last_status = ?5,"
            " last_response = ?6, last_mx = CASE ?7 WHEN '' THEN last_mx ELSE ?7 END,"
            " last_from_remote = 1 WHERE message = ?1 AND number = ?2",
            {number, std::int64_t{one.number}, now, code_of(response), status, response, mx});
    if (!done.ok()) return done.failure();
    ++marked;
  }
  return marked;
}

Outcome<bool> QueueFile::mark_returned(const std::string& sender, const model::Returned& returned,
                                       std::int64_t now) {
  if (returned.message_id.empty() || returned.failed.empty()) return false;
  const auto numbers = list_integers(*database_, kFind, {returned.message_id, sender});
  if (!numbers.ok()) return numbers.failure();
  for (const std::int64_t number : numbers.value()) {
    const auto marked = mark_recipients(number, returned, now);
    if (!marked.ok()) return marked.failure();
    if (marked.value() == 0) continue;
    const Outcome<void> judged = judge_again(number, now);
    if (!judged.ok()) return judged.failure();
    return true;
  }
  return false;
}

// A sender may have written to several of ours with one Message-ID.  The one that went
// where the report comes from is meant; when none did, as the mail was passed on from
// there, any.
Outcome<model::WentOn> QueueFile::find_forwarded(const std::string& sender,
                                                 const model::CameBack& back, std::int64_t now) {
  Found meant, any;
  std::size_t looked_at = 0;
  for (const std::string& id : back.ids) {
    if (id.empty()) continue;
    const auto numbers = list_integers(*database_, kFindForwards, {id, sender});
    if (!numbers.ok()) return numbers.failure();
    looked_at += numbers.value().size();
    if (looked_at > kMostForwards) return model::WentOn{};
    for (const std::int64_t number : numbers.value()) {
      const auto stored = read_message(*database_, number);
      if (!stored.ok()) return stored.failure();
      const auto recipients = read_recipients(*database_, number, 0, now);
      if (!recipients.ok()) return recipients.failure();
      note_forward(stored.value().message, recipients.value(),
                   names_one(back, recipients.value()) ? meant : any);
    }
  }
  return answer_of(std::move(meant.forward.is_forward ? meant : any));
}

}  // namespace fwd::queue
