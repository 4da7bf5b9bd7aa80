// Asks recipients, and hears their answers.
#include "door/recipient_verification.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "door/run_to_end.h"
#include "format/address.h"
#include "format/plain_message.h"
#include "model/question_address.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kHashLetters = 13;
constexpr std::int64_t kDays = 1024;  // a day is written in two letters
constexpr std::int64_t kMostAge = 30;
constexpr std::chrono::hours kDay{24}, kMonth{24 * 30};
constexpr std::uint64_t kMostAsked = 5;      // a recipient of an alias, in 30 days
constexpr std::uint64_t kMostAskedAll = 20;  // an address, in a day

std::string day_letters(WallTime now) {
  const auto day = static_cast<std::size_t>(unix_seconds(now) / 86400 % kDays);
  return {kLetters[day / 32], kLetters[day % 32]};
}

// The day of these letters, counted since 1970; nothing when it is long ago.
std::optional<std::int64_t> find_day(std::string_view letters, WallTime now) {
  const std::size_t high = kLetters.find(letters[0]), low = kLetters.find(letters[1]);
  if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
  const auto made = static_cast<std::int64_t>(high * 32 + low);
  const std::int64_t today = unix_seconds(now) / 86400;
  const std::int64_t age = (today - made + kDays) % kDays;
  if (age > kMostAge) return std::nullopt;
  return today - age;
}

struct Token {
  std::string hash, day, alias_id;
};

// State is no list of who is forwarded to whom.
std::string state_key(std::string_view kind, const std::string& text) {
  return "verify." + std::string(kind) + ':' + to_hex(crypto::sha256(text)).substr(0, 32);
}

Token read(std::string_view local) {
  if (!model::is_question(local)) return {};
  const std::vector<std::string_view> parts = split(local.substr(model::kQuestionTag.size()), '=');
  if (parts.size() != 3 || parts[0].size() != kHashLetters || parts[1].size() != 2) return {};
  Token token{to_upper(parts[0]), to_upper(parts[1]), to_lower(parts[2])};
  return crypto::is_object_id(token.alias_id) ? token : Token{};
}

Failure not_asked() { return {Fault::kDenied, "nobody was asked from this address", ""}; }

bool is_among(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

// What people write to; of an expression or a catch-all there is no one address.
std::string shown(const model::Alias& alias, const model::Domain& domain) {
  const bool is_one = !model::is_catch_all(alias.name) && !model::is_pattern(alias.name);
  return (is_one ? alias.name + '@' : std::string()) + domain.name;
}

}  // namespace

VerificationTokens::VerificationTokens(const crypto::SecretKey& server_key)
    : key_(crypto::subkey(server_key, "recipient verification")) {}

std::string VerificationTokens::hash(std::string_view day, std::string_view alias_id,
                                     std::string_view recipient) const {
  const std::string text =
      std::string(day) + '=' + std::string(alias_id) + '=' + to_lower(recipient);
  const std::string digest = crypto::hmac_sha256(key_.view(), text);
  std::string letters;
  for (std::size_t i = 0; i < kHashLetters; ++i)
    letters += kLetters[static_cast<unsigned char>(digest[i]) % kLetters.size()];
  return letters;
}

std::string VerificationTokens::make(const std::string& alias_id, const std::string& recipient,
                                     WallTime now) const {
  const std::string day = day_letters(now);
  return std::string(model::kQuestionTag) + hash(day, alias_id, recipient) + '=' + day + '=' +
         alias_id;
}

std::string VerificationTokens::alias_of(std::string_view local, WallTime now) {
  const Token token = read(local);
  return !token.day.empty() && find_day(token.day, now) ? token.alias_id : "";
}

std::int64_t VerificationTokens::day_of(std::string_view local, WallTime now) {
  const Token token = read(local);
  return token.day.empty() ? 0 : find_day(token.day, now).value_or(0);
}

std::string VerificationTokens::open(std::string_view local, const model::Alias& alias,
                                     WallTime now) const {
  const Token token = read(local);
  if (token.day.empty() || token.alias_id != alias.id || !find_day(token.day, now)) return "";
  for (const std::string& recipient : alias.recipients)
    if (crypto::equal(token.hash, hash(token.day, alias.id, recipient))) return recipient;
  return "";
}

void RecipientVerification::settle(model::Alias& alias, const model::Domain& domain) {
  if (domain.has_recipient_verification) alias.has_recipient_verification = true;
  for (const auto list : {&model::Alias::verified_recipients, &model::Alias::recipients})
    for (std::string& one : alias.*list)
      if (one.find("://") == std::string::npos) one = to_lower(trim(one));
  std::erase_if(alias.verified_recipients,
                [&](const std::string& one) { return !is_among(alias.recipients, one); });
  alias.pending_recipients.clear();
  if (!alias.has_recipient_verification) return;
  for (const std::string& recipient : alias.recipients) {
    const auto key = directory::address_key(recipient);
    const bool is_own = key && key->domain == directory::domain_key(domain.name);
    if (!is_own && !is_among(alias.verified_recipients, recipient))
      alias.pending_recipients.push_back(recipient);
  }
}

Task<Outcome<bool>> RecipientVerification::may_ask(std::string alias_id, std::string recipient) {
  const std::string both = alias_id + '\n' + recipient;
  auto first = co_await stores_.state.set_if_absent(state_key("day", both), "1", kDay);
  if (!first.ok() || !first.value()) co_return first;
  const auto asked = co_await stores_.state.add(state_key("asked", both), 1, kMonth);
  if (!asked.ok()) co_return asked.failure();
  const auto all = co_await stores_.state.add(state_key("all", recipient), 1, kDay);
  if (!all.ok()) co_return all.failure();
  co_return asked.value().value <= kMostAsked&& all.value().value <= kMostAskedAll;
}

model::NewOutbound RecipientVerification::question(const model::Alias& alias,
                                                   const model::Domain& domain,
                                                   const std::string& recipient) const {
  const WallTime now = stores_.clock.wall();
  const std::string own = directory::domain_key(domain.name);
  const std::string what = shown(alias, domain);
  model::NewOutbound out;
  out.id = crypto::log_id();
  out.recipients.push_back({recipient, model::kNotifyNever, ""});
  out.header_from = tokens_.make(alias.id, recipient, now) + '@' + domain.return_path + '.' + own;
  out.message_id = "<" + crypto::object_id(now) + ".verify@" + own + ">";
  out.date = unix_milliseconds(now);
  out.subject = "May mail for " + what + " be forwarded to you?";
  const auto to = format::parse_mailbox(recipient, format::AddressCharset::kUtf8);
  out.smtp_utf8 = to.ok() && to.value().needs_utf8();
  format::PlainMessage message;
  message.from = out.header_from;
  message.to = recipient;
  message.subject = out.subject;
  message.message_id = out.message_id;
  message.date = unix_seconds(now);
  message.more = {{"Reply-To", "<" + out.header_from + ">"},
                  {"Auto-Submitted", "auto-generated"},  // RFC 3834 §5.1
                  {"X-Auto-Response-Suppress", "All"}};
  message.text = "Somebody who looks after " + what + " wants its mail to be forwarded\nto you, " +
                 recipient +
                 ".\n\nIf you want that, answer this message; any words will do, within 30 days."
                 "\nIf you do not, do nothing: you will get none of that mail.\n";
  out.content = format::write_plain_message(message);
  return out;
}

Task<void> RecipientVerification::ask(model::Alias alias) {
  if (!alias.is_enabled) co_return;  // before anything is forwarded it is stored again
  const auto domain = co_await stores_.directory.get_domain(alias.domain);
  if (!domain.ok() || domain.value().return_path.empty()) co_return;
  for (const std::string& recipient : alias.pending_recipients) {
    const auto may = co_await may_ask(alias.id, recipient);
    if (!may.ok()) co_return;
    if (!may.value()) continue;
    queue::Owner owner;
    owner.domain_id = domain.value().id;
    owner.alias_id = alias.id;
    owner.domain = directory::domain_key(domain.value().name);
    auto asking = queue_.add(question(alias, domain.value(), recipient), std::move(owner));
    const auto added = co_await std::move(asking);
    if (!added.ok()) co_return;
  }
}

Task<Outcome<RecipientVerification::Found>> RecipientVerification::find(std::string local,
                                                                        std::string domain_id) {
  const WallTime now = stores_.clock.wall();
  std::string id = VerificationTokens::alias_of(local, now);
  if (id.empty()) co_return not_asked();
  auto alias = co_await stores_.directory.get_alias(std::move(id));
  if (!alias.ok() && alias.failure().fault == Fault::kNotFound) co_return not_asked();
  if (!alias.ok()) co_return alias.failure();
  std::string recipient = tokens_.open(local, alias.value(), now);
  if (recipient.empty() || alias.value().domain != domain_id) co_return not_asked();
  Found found{std::move(alias.value()), std::move(recipient),
              VerificationTokens::day_of(local, now)};
  if (is_among(found.alias.verified_recipients, found.recipient)) co_return found;
  // Who was taken off and put on again is asked again: an answer of before is none.
  const auto answered = co_await stores_.state.get(answered_key(found));
  if (!answered.ok()) co_return answered.failure();
  const auto& until = answered.value();
  if (until && found.day <= static_cast<std::int64_t>(parse_number(*until).value_or(0)))
    co_return not_asked();
  co_return found;
}

std::string RecipientVerification::answered_key(const Found& found) {
  return state_key("answered", found.alias.id + '\n' + found.recipient);
}

Task<Outcome<void>> RecipientVerification::confirm(std::string address) {
  return run_to_end(stores_.tasks, "confirm recipient", note_answer(std::move(address)));
}

Task<Outcome<void>> RecipientVerification::note_answer(std::string address) {
  const auto parsed = format::parse_mailbox(address, format::AddressCharset::kUtf8);
  if (!parsed.ok()) co_return not_asked();
  const std::string& at = parsed.value().domain;
  const auto domain = co_await stores_.directory.get_domain(at.substr(at.find('.') + 1));
  if (!domain.ok()) co_return domain.failure();
  auto found = co_await find(parsed.value().local, domain.value().id);
  if (!found.ok()) co_return found.failure();
  // Of two answers at once each is added to what the other has stored.
  const std::string recipient = found.value().recipient;
  auto add = [recipient](model::Alias& alias, const model::Alias* before,
                         const model::Domain& of) -> Outcome<void> {
    if (before == nullptr || !is_among(before->recipients, recipient)) return not_asked();
    alias = *before;
    if (!is_among(alias.verified_recipients, recipient))
      alias.verified_recipients.push_back(recipient);
    settle(alias, of);
    return {};
  };
  auto storing = stores_.directory.put_alias(found.value().alias, std::move(add));
  const auto stored = co_await std::move(storing);
  if (!stored.ok()) co_return stored.failure();
  // The newest day that is answered; an older answer that comes late takes nothing back.
  const std::string key = answered_key(found.value());
  const auto before = co_await stores_.state.get(key);
  if (!before.ok()) co_return before.failure();
  const auto until = before.value() ? parse_number(*before.value()).value_or(0) : 0;
  const std::string day =
      std::to_string(std::max(found.value().day, static_cast<std::int64_t>(until)));
  co_return co_await stores_.state.set(key, day, kDay * (kMostAge + 1));
}

}  // namespace fwd::door
