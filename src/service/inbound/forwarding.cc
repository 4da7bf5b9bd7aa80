// Hands messages on.
#include "service/inbound/forwarding.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/date.h"
#include "format/encoded_words.h"
#include "format/header_lines.h"
#include "format/json.h"
#include "format/mail_date.h"
#include "format/message_ids.h"
#include "format/one_mailbox.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMostJson = 64 * 1024;
constexpr std::size_t kMostHeader = 1024 * 1024;
constexpr std::size_t kMostField = 900;
constexpr std::size_t kMostSubject = 1000;  // octets kept for lists
// Beyond our own wait: the door answers by itself, unless it is away.
constexpr std::chrono::seconds kGrace(5);

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

std::string text_of(std::string_view header, std::string_view name) {
  const auto value = format::find_field(header, name);
  std::string text = value ? format::unfold(*value) : std::string();
  return text.size() > kMostField || !is_plain(text) ? std::string() : text;
}

model::BodyKind body_kind(smtp::Body body) {
  switch (body) {
    case smtp::Body::k8BitMime:
      return model::BodyKind::k8BitMime;
    case smtp::Body::kBinaryMime:
      return model::BodyKind::kBinaryMime;
    case smtp::Body::k7Bit:
      break;
  }
  return model::BodyKind::k7Bit;
}

// What lists and return paths of the queue know of a message.
void describe(std::string_view header, model::NewOutbound& out) {
  out.message_id =
      format::first_bracketed_id(format::find_field(header, "Message-ID").value_or(""));
  const std::string from = text_of(header, "From");
  if (const auto author = format::read_one_mailbox(from)) out.header_from = author->address;
  if (const auto date = format::read_mail_date(text_of(header, "Date")))
    out.date = date->seconds * 1000;
  if (const auto subject = format::find_field(header, "Subject"))
    out.subject = format::decode_header_text(subject->substr(0, kMostSubject));
  // RFC 8689 §5: REQUIRETLS outweighs the field.
  out.tls_optional = !out.require_tls && same_word(text_of(header, "TLS-Required"), "No");
}

// The members a webhook's payload has beside the message.
std::string webhook_json(const InboundContext& context, const Judged& message,
                         const std::string& recipient) {
  const std::int64_t now = unix_milliseconds(context.clock.wall());
  format::Json session{format::Json::Object{}};
  const smtp::Peer& peer = message.peer;
  session.set("recipient", format::Json(recipient));
  session.set("remoteAddress", format::Json(peer.address.ip));
  session.set("remotePort", format::Json(std::int64_t{peer.address.port}));
  session.set("clientHostname", format::Json("[" + peer.address.ip + "]"));
  session.set("hostNameAppearsAs", format::Json(peer.helo));
  session.set("sender", format::Json(message.mail.sender_text()));
  session.set("mta", format::Json(peer.host));
  session.set("arrivalDate", format::Json(format::write_json_date(now)));
  session.set("arrivalTime", format::Json(now));
  const auto with_session = [&](format::Json all) {
    all.set("recipients", format::Json(format::Json::Array{format::Json(recipient)}));
    all.set("session", session);
    return format::write_json(all);
  };
  auto authenticity = format::parse_json(message.judgement.authenticity.webhook_json);
  if (authenticity.ok() && authenticity.value().object() != nullptr) {
    std::string all = with_session(std::move(authenticity).value());
    if (all.size() <= kMostJson) return all;
  }
  return with_session(format::Json(format::Json::Object{}));
}

bool has_webhook(const ForwardGoal& goal) {
  return std::any_of(goal.destinations.begin(), goal.destinations.end(),
                     [](const auto& one) { return one.kind == model::DestinationKind::kWebhook; });
}

bool is_waiting(const Onward& one) {
  return std::any_of(one.forwarded.destinations.begin(), one.forwarded.destinations.end(),
                     [](const model::ForwardedTo& to) {
                       return !to.is_repeat && to.state == model::RecipientState::kWaiting &&
                              to.attempts == 0;
                     });
}

// What it says of whom is ours, and tells nothing of how it came to us.
model::NewForward make_masked(const model::NewOutbound& masked, const std::string& id,
                              const ForwardGoal& goal) {
  model::NewForward forward;
  forward.message = masked;
  forward.message.id = id;
  forward.message.recipients.clear();
  forward.facts.arc_chain = "none";
  forward.facts.may_sign = true;
  if (has_webhook(goal)) forward.facts.webhook_json = "{}";
  return forward;
}

// As it came, with our trace.
model::NewForward make_plain(const InboundContext& context, const Judged& message,
                             const std::string& id, const ForwardGoal& goal) {
  model::NewForward forward;
  const std::string_view header = std::string_view(message.content)
                                      .substr(0, kMostHeader)
                                      .substr(0, format::header_size(message.content));
  model::NewOutbound& out = forward.message;
  out.id = id;
  out.envelope_from = message.mail.sender_text();
  out.body = body_kind(message.mail.body);
  out.smtp_utf8 = message.mail.smtp_utf8;
  out.require_tls = message.mail.require_tls;
  describe(header, out);
  out.content = assemble(trace_lines(context, message, goal.recipient),
                         message.header.not_forwarded, message.content);
  const Authenticity& authenticity = message.judgement.authenticity;
  forward.facts.may_report = authenticity.sender_is_proven;
  forward.facts.auth_results = authenticity.results;
  forward.facts.arc_chain = authenticity.arc_chain;
  forward.facts.may_sign = authenticity.author_is_proven && !message.judgement.is_junk;
  if (has_webhook(goal))
    forward.facts.webhook_json = webhook_json(context, message, goal.recipient);
  return forward;
}

}  // namespace

model::NewForward make_forward(const InboundContext& context, const Judged& message,
                               const ForwardGoal& goal, std::size_t number) {
  const std::string id = message.mail.id + (number == 0 ? "" : "." + std::to_string(number));
  const auto masked = message.goals.masked.find(goal.recipient);
  model::NewForward forward = masked == message.goals.masked.end()
                                  ? make_plain(context, message, id, goal)
                                  : make_masked(masked->second, id, goal);
  forward.domain_id = goal.domain_id;
  forward.alias_id = goal.alias_id;
  forward.destinations = goal.destinations;
  // What goes round in a circle is no repeat, or nobody would ever hear of it: whoever
  // tries again has as many of these as before.
  if (!message.print.empty())
    forward.print =
        to_hex(crypto::blake2b(32, message.print + ' ' + std::to_string(message.header.received)));
  forward.facts.shown = goal.recipient;
  // What is written in its place is another message for each.
  const bool is_whole = masked == message.goals.masked.end() && !message.print.empty();
  forward.facts.origin = is_whole ? message.print : id;
  if (goal.is_return_path) forward.spends = goal.recipient;
  return forward;
}

Task<Outcome<void>> Forwards::hand_over() {
  const std::vector<ForwardGoal>& goals = message_.goals.forwards;
  if (!goals.empty() && context_.forwarding == nullptr)
    co_return Failure{Fault::kUnavailable, "", "nobody forwards mail here"};
  for (const ForwardGoal& goal : goals) {
    model::NewForward forward = make_forward(context_, message_, goal, all_.size());
    auto handing = context_.forwarding->forward(std::move(forward));
    auto forwarded = co_await handing;
    if (!forwarded.ok() && forwarded.failure().fault == Fault::kDenied && goal.is_return_path)
      continue;
    if (!forwarded.ok()) co_return forwarded.failure();
    all_.push_back({&goal, std::move(forwarded).value()});
  }
  co_return Outcome<void>{};
}

Task<void> Forwards::wait() {
  const Instant deadline = context_.clock.now() + context_.options.forward_wait;
  for (Onward& one : all_) {
    if (one.forwarded.id.empty() || !is_waiting(one)) continue;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - context_.clock.now());
    if (left.count() <= 0) co_return;
    auto asking = context_.forwarding->await_forward(one.forwarded.id, left);
    auto answering = before(context_.clock, deadline + kGrace, std::move(asking));
    auto answer = co_await answering;
    if (answer && answer->ok()) one.forwarded = std::move(*answer).value();
  }
}

Task<Outcome<void>> Forwards::settle(model::SettleForward how) {
  Outcome<void> outcome;
  for (const Onward& one : all_) {
    if (one.forwarded.id.empty()) continue;
    auto settling = context_.forwarding->settle_forward(one.forwarded.id, how);
    const auto settled = co_await settling;
    if (!settled.ok() && outcome.ok()) outcome = settled.failure();
  }
  co_return outcome;
}

}  // namespace fwd::service
