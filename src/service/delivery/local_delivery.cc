// Stores messages in mailboxes of ours.
#include "service/delivery/local_delivery.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/address.h"
#include "format/automatic_mail.h"
#include "format/date.h"
#include "format/header_lines.h"
#include "mailauth/route/recipient_records.h"
#include "model/forward_share.h"
#include "model/sender_rules.h"
#include "service/delivery/trace.h"

namespace fwd::delivery {
namespace {

using Kind = RecipientVerdict::Kind;

constexpr std::uint64_t kHeaderRead = 64 * 1024;  // our own lines are on top

struct Words {
  std::uint16_t code;
  const char* status;
  const char* text;
};

// What the directory's answer means, as port 25 would say it.
Words words_of(model::RecipientKind kind) {
  switch (kind) {
    case model::RecipientKind::kAccepted:
    case model::RecipientKind::kIgnored:
    case model::RecipientKind::kConfirms:
      return {250, "2.1.5", "Stored"};
    case model::RecipientKind::kSoftDisabled:
      return {450, "4.2.1", "Mailbox disabled, try again later"};
    case model::RecipientKind::kUnverified:
      return {450, "4.2.1", "Mailbox not open yet, try again later"};
    case model::RecipientKind::kHardDisabled:
      return {550, "5.2.1", "Mailbox disabled"};
    case model::RecipientKind::kFull:
      return {452, "4.2.2", "Mailbox full"};
    case model::RecipientKind::kNoDestination:
      return {550, "5.2.0", "The address exists and leads nowhere"};
    case model::RecipientKind::kBadReturnPath:
      return {550, "5.1.1", "No such return path, or its time is over"};
    case model::RecipientKind::kTooMany:
    case model::RecipientKind::kAsksDns:
      return {451, "4.3.0", "Temporary trouble on this side"};
    case model::RecipientKind::kUnknown:
    case model::RecipientKind::kForeign:
      break;
  }
  return {550, "5.1.1", "No such address here"};
}

Words words_of(const Failure& failure) {
  if (failure.fault == Fault::kOverQuota) return {452, "4.2.2", "Mailbox full"};
  if (failure.fault == Fault::kOverLimit) return {552, "5.3.4", "Message too large"};
  return {451, "4.3.0", "Temporary trouble on this side"};
}

class LocalDelivery {
 public:
  LocalDelivery(const DeliveryContext& context, const DeliveryOptions& options, Preparer& preparer,
                Gate& memory, const model::Claim& claim)
      : context_(context), options_(options), preparer_(preparer), memory_(memory), claim_(claim) {
    outcome_.recipients.resize(claim.message.recipients.size());
    outcome_.is_destination_up = true;
  }
  Task<std::optional<AttemptOutcome>> run();

 private:
  void settle(std::size_t index, const Words& words);
  Task<bool> ask(std::size_t index);
  std::optional<Words> refused_by(const model::RecipientRules& rules) const;
  std::optional<Words> refused_by_rules(const model::Recipient& found) const;
  void leave_out(model::Recipient& found) const;
  Task<Outcome<void>> store(std::size_t index, const std::string& content);
  Task<void> confirm();
  Task<Outcome<std::string>> prepare();
  Task<Outcome<void>> forward(std::size_t index, const std::string& content);
  model::NewForward make_forward(std::size_t index, model::ForwardShare share,
                                 const std::string& content) const;
  const std::string& origin() const;
  std::optional<Words> why_no_further() const;
  Task<Outcome<void>> hand_on(model::NewForward forward);
  std::string received_line(const std::string& recipient) const;
  std::string trace_lines(const std::string& recipient) const;

  const DeliveryContext& context_;
  const DeliveryOptions& options_;
  Preparer& preparer_;
  Gate& memory_;
  const model::Claim& claim_;
  AttemptOutcome outcome_;
  std::vector<std::pair<std::size_t, model::Recipient>> goals_;
  std::vector<std::pair<std::size_t, std::string>> confirms_;  // addresses answered to
  std::string signatures_;                                     // of what goes on
  Arrival arrival_;                                            // of a forward
  std::size_t received_ = 0;                                   // its Received fields
};

void LocalDelivery::settle(std::size_t index, const Words& words) {
  RecipientVerdict& verdict = outcome_.recipients[index];
  verdict.kind = words.code < 400   ? Kind::kDelivered
                 : words.code < 500 ? Kind::kTemporary
                                    : Kind::kPermanent;
  verdict.is_local = true;
  verdict.result.time = unix_milliseconds(context_.clock.wall());
  verdict.result.code = words.code;
  verdict.result.status = words.status;
  verdict.result.response = words.text;
  verdict.result.mx = options_.host;
}

// What is told of a destination does not go there.
void LocalDelivery::leave_out(model::Recipient& found) const {
  const std::string& place = claim_.message.not_to;
  if (place.empty()) return;
  const auto is_there = [&](const model::Destination& one) {
    return place == "*" || one.address == place || format::is_same_person(one.address, place);
  };
  std::erase_if(found.destinations, is_there);
  const bool is_empty = found.mailboxes.empty() && found.destinations.empty();
  if (found.kind == model::RecipientKind::kAccepted && is_empty)
    found.kind = model::RecipientKind::kNoDestination;
}

// Who sent from here has logged in, over TLS.  Of a forward we know what was proven at port
// 25, and not the name of its host; what has no sender tells of mail that was sent from here.
std::optional<Words> LocalDelivery::refused_by(const model::RecipientRules& rules) const {
  const model::Outbound& message = claim_.message;
  const bool is_ours = !message.is_forward;
  // A report that we wrote ourselves has no trace, and nobody's words.
  const bool is_masked = message.is_forward && claim_.facts.auth_results.empty() &&
                         message.envelope_from.empty() && arrival_.ip.empty();
  if (rules.require_tls && !is_ours && !is_masked && !arrival_.over_tls)
    return Words{550, "5.7.1", "The recipient's domain takes mail over TLS only"};
  if (message.envelope_from.empty()) return std::nullopt;
  model::SenderKeys keys;
  keys.ip = arrival_.ip;
  keys.addresses = {message.envelope_from, message.header_from};
  if (is_ours || claim_.facts.may_report) keys.proven.push_back(message.envelope_from);
  if (is_ours || claim_.facts.may_sign) keys.proven.push_back(message.header_from);
  if (model::rules_verdict(rules, keys).verdict == model::RulesVerdict::kPass) return std::nullopt;
  return Words{550, "5.7.1", "The recipient's domain does not take mail of this sender"};
}

// By any of the domains that it leads through, as at port 25.
std::optional<Words> LocalDelivery::refused_by_rules(const model::Recipient& found) const {
  if (found.domain_id.empty()) return std::nullopt;
  auto refusal = refused_by(found.rules);
  for (const model::PassedDomain& one : found.passed)
    if (!refusal) refusal = refused_by(one.rules);
  return refusal;
}

// False when the address is not ours.
Task<bool> LocalDelivery::ask(std::size_t index) {
  const model::OutboundRecipient& recipient = claim_.message.recipients[index];
  auto found = co_await context_.deliveries.find_recipient(recipient.address);
  if (found.ok() && found.value().kind == model::RecipientKind::kAsksDns) {
    auto asking =
        mailauth::find_by_records(context_.deliveries, context_.resolver, std::move(found).value());
    found = co_await std::move(asking);
  }
  if (!found.ok()) {
    settle(index, words_of(found.failure()));
    co_return true;
  }
  if (found.value().kind == model::RecipientKind::kForeign) co_return false;
  leave_out(found.value());
  const bool is_full =
      found.value().size_limit > 0 && claim_.message.size > found.value().size_limit;
  // Reports come to return paths by port 25, which tells them from other mail, keeps from
  // their sender where it went, and counts who may still be told.  Whoever sends from
  // here has no business there.
  const auto refusal = refused_by_rules(found.value());
  if (refusal)
    settle(index, *refusal);
  else if (found.value().is_return_path && found.value().kind == model::RecipientKind::kAccepted)
    settle(index, {550, "5.7.1", "Only reports from outside may come to this return path"});
  else if (is_full)
    settle(index, words_of(model::RecipientKind::kFull));
  else if (found.value().kind == model::RecipientKind::kAccepted)
    goals_.emplace_back(index, std::move(found).value());
  else if (found.value().kind == model::RecipientKind::kConfirms)
    confirms_.emplace_back(index, recipient.address);
  else
    settle(index, words_of(found.value().kind));
  co_return true;
}

std::string LocalDelivery::trace_lines(const std::string& recipient) const {
  return "Return-Path: <" + claim_.message.envelope_from + ">\r\nX-Original-To: " + recipient +
         "\r\n" + received_line(recipient);
}

std::string LocalDelivery::received_line(const std::string& recipient) const {
  return "Received: by " + options_.host + "\r\n\tid " + claim_.message.id + "\r\n\tfor <" +
         recipient + ">;\r\n\t" + format::write_mail_date(unix_seconds(context_.clock.wall())) +
         "\r\n";
}

// Of what leads elsewhere its author's domain signs, as for all who are not here.
Task<Outcome<std::string>> LocalDelivery::prepare() {
  const bool goes_on = std::any_of(goals_.begin(), goals_.end(), [](const auto& goal) {
    return !goal.second.destinations.empty();
  });
  if (!goes_on || claim_.message.is_forward) co_return std::string();
  const auto prepared = co_await preparer_.prepare(claim_);
  if (!prepared.ok()) co_return prepared.failure();
  co_return prepared.value()->signatures;
}

Task<Outcome<void>> LocalDelivery::store(std::size_t index, const std::string& content) {
  const auto& [number, found] = goals_[index];
  if (found.mailboxes.empty()) co_return Outcome<void>{};
  const std::string lines = trace_lines(claim_.message.recipients[number].address);
  std::string whole = assemble(lines, content);
  auto packed = co_await context_.packer.pack(std::move(whole));
  if (!packed.ok()) co_return packed.failure();
  model::Delivery delivery;
  delivery.message_id = claim_.message.id;
  delivery.envelope_from = claim_.message.envelope_from;
  for (const model::RecipientTarget& mailbox : found.mailboxes) {
    model::DeliveryTarget target;
    target.alias_id = mailbox.alias_id;
    target.message = packed.value();
    delivery.targets.push_back(std::move(target));
  }
  co_return co_await context_.deliveries.deliver(std::move(delivery));
}

// A person of this host was asked whether mail may be forwarded to them, and answers.
// No machine agrees to anything.
Task<void> LocalDelivery::confirm() {
  const model::Outbound& message = claim_.message;
  const Gate::Share share = co_await memory_.enter(message.size);
  const auto content = co_await preparer_.read_whole(message.id, message.size);
  const bool is_person =
      content.ok() &&
      format::why_automatic(message.envelope_from, format::looked_at_header(content.value()))
          .empty();
  for (const auto& [index, address] : confirms_) {
    Outcome<void> done;
    if (!content.ok())
      done = content.failure();
    else if (is_person && context_.forwarding != nullptr)
      done = co_await context_.forwarding->confirm_recipient(address);
    const bool is_over = !done.ok() && done.failure().fault == Fault::kDenied;
    settle(index, done.ok() ? words_of(model::RecipientKind::kConfirms)
                  : is_over ? words_of(model::RecipientKind::kBadReturnPath)
                            : words_of(done.failure()));
  }
}

const std::string& LocalDelivery::origin() const {
  const bool is_known = claim_.message.is_forward && !claim_.facts.origin.empty();
  return is_known ? claim_.facts.origin : claim_.message.id;
}

// RFC 5321 §6.3.  The first says nothing of how many of us it has seen, as others may
// write such lines; the second goes by what we have noted ourselves.
std::optional<Words> LocalDelivery::why_no_further() const {
  if (received_ > options_.received) return Words{554, "5.4.6", "Mail for this address loops"};
  if (claim_.facts.hops >= model::kMostChain)
    return Words{554, "5.4.6", "The address leads through too many others here"};
  return std::nullopt;
}

// What leads elsewhere goes on from here as if it had come in from outside, once for
// each destination however often this is tried.
Task<Outcome<void>> LocalDelivery::forward(std::size_t index, const std::string& content) {
  const model::Recipient& found = goals_[index].second;
  for (model::ForwardShare& share : model::share_out(found, found.destinations)) {
    auto handing = hand_on(make_forward(index, std::move(share), content));
    const auto handed = co_await std::move(handing);
    if (!handed.ok()) co_return handed;
  }
  co_return Outcome<void>{};
}

model::NewForward LocalDelivery::make_forward(std::size_t index, model::ForwardShare share,
                                              const std::string& content) const {
  const auto& [number, found] = goals_[index];
  const std::string& recipient = claim_.message.recipients[number].address;
  const model::Outbound& message = claim_.message;
  // Who sent it knows the first address alone, and may be given back this header.
  const bool is_known = message.is_forward && !claim_.facts.shown.empty();
  const std::string& shown = is_known ? claim_.facts.shown : recipient;
  model::NewForward forward;
  forward.domain_id = std::move(share.domain_id);
  forward.alias_id = std::move(share.alias_id);
  forward.destinations = std::move(share.destinations);
  // By whatever ways it comes to one place, it goes there once each time round: as at
  // port 25 what goes round in a circle is no repeat, or nobody would ever hear of it.
  forward.print = to_hex(crypto::blake2b(24, origin() + ' ' + std::to_string(received_)));
  model::NewOutbound& out = forward.message;
  out.id = context_.new_id();
  out.envelope_from = message.envelope_from;
  out.body = message.body;
  out.smtp_utf8 = message.smtp_utf8;
  out.require_tls = message.require_tls;
  out.tls_optional = message.tls_optional;
  out.header_from = message.header_from;
  out.message_id = message.message_id;
  out.date = message.date;
  out.subject = message.subject;
  out.not_to = message.not_to;
  out.content = received_line(shown) + signatures_ + content;
  forward.facts = claim_.facts;
  forward.facts.shown = shown;
  forward.facts.origin = origin();
  ++forward.facts.hops;
  if (!message.is_forward) {
    forward.facts.may_report = true;
    forward.facts.may_sign = true;
    forward.facts.auth_results = "auth=pass";
    forward.facts.arc_chain = "none";
  }
  return forward;
}

Task<Outcome<void>> LocalDelivery::hand_on(model::NewForward forward) {
  if (context_.forwarding == nullptr)
    co_return Failure{Fault::kUnavailable, "", "nobody forwards here"};
  auto handing = context_.forwarding->forward(std::move(forward));
  const auto forwarded = co_await std::move(handing);
  if (!forwarded.ok()) co_return forwarded.failure();
  if (forwarded.value().id.empty()) co_return Outcome<void>{};
  auto settling =
      context_.forwarding->settle_forward(forwarded.value().id, model::SettleForward::kKeep);
  // Else it is kept when its time in session is over.
  co_await std::move(settling);
  co_return Outcome<void>{};
}

Task<std::optional<AttemptOutcome>> LocalDelivery::run() {
  if (claim_.message.is_forward) {
    const auto begin = co_await context_.queue.read_outbound(claim_.message.id, 0, kHeaderRead);
    if (begin.ok()) arrival_ = read_arrival(begin.value(), claim_.facts.hops);
    // Else nothing is known, which opens no door.
  }
  for (std::size_t i = 0; i < claim_.message.recipients.size(); ++i) {
    const bool is_ours = co_await ask(i);
    if (!is_ours) co_return std::nullopt;
  }
  if (!confirms_.empty()) co_await confirm();
  if (goals_.empty()) co_return std::move(outcome_);
  // Before the room is taken: it takes room itself.
  const auto prepared = co_await prepare();
  if (!prepared.ok()) {
    for (const auto& [index, found] : goals_) settle(index, words_of(prepared.failure()));
    co_return std::move(outcome_);
  }
  signatures_ = prepared.value();
  // The content, the copy with trace lines, and what it is packed into.
  const Gate::Share share = co_await memory_.enter(3 * claim_.message.size);
  const auto content = co_await preparer_.read_whole(claim_.message.id, claim_.message.size);
  if (content.ok()) received_ = count_received(content.value());
  const auto no_further = why_no_further();
  for (std::size_t i = 0; i < goals_.size(); ++i) {
    if (no_further && !goals_[i].second.destinations.empty()) {
      settle(goals_[i].first, *no_further);
      continue;
    }
    Outcome<void> stored = content.ok() ? Outcome<void>{} : Outcome<void>(content.failure());
    if (content.ok()) stored = co_await store(i, content.value());
    if (stored.ok()) stored = co_await forward(i, content.value());
    settle(goals_[i].first,
           stored.ok() ? words_of(model::RecipientKind::kAccepted) : words_of(stored.failure()));
  }
  co_return std::move(outcome_);
}

}  // namespace

Task<std::optional<AttemptOutcome>> deliver_locally(const DeliveryContext& context,
                                                    const DeliveryOptions& options,
                                                    Preparer& preparer, Gate& memory,
                                                    const model::Claim& claim) {
  LocalDelivery delivery(context, options, preparer, memory, claim);
  co_return co_await delivery.run();
}

}  // namespace fwd::delivery
