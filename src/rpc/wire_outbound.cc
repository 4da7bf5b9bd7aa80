// Outbound messages, new ones and those in the queue, as protobuf messages and
// back.
#include "rpc/wire_outbound.h"

#include <limits>

namespace fwd::rpc {
namespace {

// False for a number that is no such word.
template <typename Word>
bool read_word(std::uint32_t number, Word first, Word last, Word& word) {
  if (number < static_cast<std::uint32_t>(first) || number > static_cast<std::uint32_t>(last))
    return false;
  word = static_cast<Word>(number);
  return true;
}

bool read_notify(std::uint32_t number, std::uint8_t& notify) {
  constexpr std::uint32_t kAll =
      model::kNotifyNever | model::kNotifySuccess | model::kNotifyFailure | model::kNotifyDelay;
  notify = static_cast<std::uint8_t>(number);
  return number <= kAll;
}

bool read_returns(std::uint32_t number, model::ReturnContent& returns) {
  return read_word(number, model::ReturnContent::kUnsaid, model::ReturnContent::kHeaders, returns);
}

bool read_body(std::uint32_t number, model::BodyKind& body) {
  return read_word(number, model::BodyKind::k7Bit, model::BodyKind::kBinaryMime, body);
}

}  // namespace

bool read_state(std::uint32_t number, model::OutboundState& state) {
  return read_word(number, model::OutboundState::kPending, model::OutboundState::kRejected, state);
}

bool read_state(std::uint32_t number, model::RecipientState& state) {
  return read_word(number, model::RecipientState::kWaiting, model::RecipientState::kFailed, state);
}

void to_wire(model::NewOutbound message, wire::NewOutbound& out, std::vector<std::string>& pieces) {
  out.set_id(std::move(message.id));
  out.set_envelope_from(std::move(message.envelope_from));
  for (model::NewRecipient& recipient : message.recipients) {
    wire::NewRecipient& one = *out.add_recipients();
    one.set_address(std::move(recipient.address));
    one.set_notify(recipient.notify);
    one.set_original(std::move(recipient.original));
  }
  out.set_envelope_id(std::move(message.envelope_id));
  out.set_returns(static_cast<std::uint32_t>(message.returns));
  out.set_body(static_cast<std::uint32_t>(message.body));
  out.set_smtp_utf8(message.smtp_utf8);
  out.set_require_tls(message.require_tls);
  out.set_tls_optional(message.tls_optional);
  out.set_not_before(message.not_before);
  out.set_expires(message.expires);
  out.set_header_from(std::move(message.header_from));
  out.set_message_id(std::move(message.message_id));
  out.set_date(message.date);
  out.set_subject(std::move(message.subject));
  out.set_not_to(std::move(message.not_to));
  pieces.push_back(std::move(message.content));
}

Outcome<model::NewOutbound> from_wire(wire::NewOutbound& in, Pieces& pieces) {
  model::NewOutbound message;
  if (!read_returns(in.returns(), message.returns) || !read_body(in.body(), message.body))
    return bad_wire("a message to send with a word of no known meaning");
  message.id = std::move(*in.mutable_id());
  message.envelope_from = std::move(*in.mutable_envelope_from());
  message.recipients.reserve(static_cast<std::size_t>(in.recipients_size()));
  for (wire::NewRecipient& one : *in.mutable_recipients()) {
    model::NewRecipient& recipient = message.recipients.emplace_back();
    recipient.address = std::move(*one.mutable_address());
    if (!read_notify(one.notify(), recipient.notify))
      return bad_wire("a NOTIFY of no known meaning");
    recipient.original = std::move(*one.mutable_original());
  }
  message.envelope_id = std::move(*in.mutable_envelope_id());
  message.smtp_utf8 = in.smtp_utf8();
  message.require_tls = in.require_tls();
  message.tls_optional = in.tls_optional();
  message.not_before = in.not_before();
  message.expires = in.expires();
  message.header_from = std::move(*in.mutable_header_from());
  message.message_id = std::move(*in.mutable_message_id());
  message.date = in.date();
  message.subject = std::move(*in.mutable_subject());
  message.not_to = std::move(*in.mutable_not_to());
  Outcome<std::string> content = pieces.take();
  if (!content.ok()) return content.failure();
  message.content = std::move(content).value();
  return message;
}

void to_wire(const model::AttemptResult& result, wire::Attempt& out) {
  out.set_time(result.time);
  out.set_code(result.code);
  out.set_status(result.status);
  out.set_response(result.response);
  out.set_mx(result.mx);
  out.set_ip(result.ip);
  out.set_tls(result.tls);
  out.set_from_remote(result.from_remote);
  out.set_was_relayed(result.was_relayed);
  out.set_duration_ms(result.duration_ms);
}

Outcome<model::AttemptResult> from_wire(wire::Attempt& in) {
  if (in.code() > std::numeric_limits<std::uint16_t>::max())
    return bad_wire("a reply code that is too large");
  model::AttemptResult result;
  result.time = in.time();
  result.code = static_cast<std::uint16_t>(in.code());
  result.status = std::move(*in.mutable_status());
  result.response = std::move(*in.mutable_response());
  result.mx = std::move(*in.mutable_mx());
  result.ip = std::move(*in.mutable_ip());
  result.tls = std::move(*in.mutable_tls());
  result.from_remote = in.from_remote();
  result.was_relayed = in.was_relayed();
  result.duration_ms = in.duration_ms();
  return result;
}

void to_wire(const model::ForwardFacts& facts, wire::ForwardFacts& out) {
  out.set_shown(facts.shown);
  out.set_may_report(facts.may_report);
  out.set_auth_results(facts.auth_results);
  out.set_arc_chain(facts.arc_chain);
  out.set_webhook_json(facts.webhook_json);
  out.set_may_sign(facts.may_sign);
  out.set_origin(facts.origin);
  out.set_hops(facts.hops);
}

model::ForwardFacts from_wire(wire::ForwardFacts& in) {
  model::ForwardFacts facts;
  facts.shown = std::move(*in.mutable_shown());
  facts.may_report = in.may_report();
  facts.auth_results = std::move(*in.mutable_auth_results());
  facts.arc_chain = std::move(*in.mutable_arc_chain());
  facts.webhook_json = std::move(*in.mutable_webhook_json());
  facts.may_sign = in.may_sign();
  facts.origin = std::move(*in.mutable_origin());
  facts.hops = in.hops();
  return facts;
}

namespace {

void to_wire(const model::OutboundRecipient& recipient, wire::OutboundRecipient& out) {
  out.set_number(recipient.number);
  out.set_address(recipient.address);
  out.set_destination(recipient.destination);
  out.set_notify(recipient.notify);
  out.set_original(recipient.original);
  out.set_state(static_cast<std::uint32_t>(recipient.state));
  out.set_attempts(recipient.attempts);
  out.set_next_attempt(recipient.next_attempt);
  out.set_leased_until(recipient.leased_until);
  out.set_delay_told(recipient.delay_told);
  rpc::to_wire(recipient.last, *out.mutable_last());
  out.set_kind(static_cast<std::uint32_t>(recipient.kind));
  out.set_host(recipient.host);
  out.set_port(recipient.port);
  out.set_is_untold(recipient.is_untold);
  out.set_alias_id(recipient.alias_id);
}

Outcome<model::OutboundRecipient> from_wire(wire::OutboundRecipient& in) {
  model::OutboundRecipient recipient;
  if (!read_state(in.state(), recipient.state) || !read_notify(in.notify(), recipient.notify) ||
      !read_word(in.kind(), model::DestinationKind::kAddress, model::DestinationKind::kWebhook,
                 recipient.kind) ||
      in.port() > std::numeric_limits<std::uint16_t>::max())
    return bad_wire("a recipient with a word of no known meaning");
  Outcome<model::AttemptResult> last = rpc::from_wire(*in.mutable_last());
  if (!last.ok()) return last.failure();
  recipient.number = in.number();
  recipient.address = std::move(*in.mutable_address());
  recipient.destination = std::move(*in.mutable_destination());
  recipient.original = std::move(*in.mutable_original());
  recipient.attempts = in.attempts();
  recipient.next_attempt = in.next_attempt();
  recipient.leased_until = in.leased_until();
  recipient.delay_told = in.delay_told();
  recipient.is_untold = in.is_untold();
  recipient.host = std::move(*in.mutable_host());
  recipient.alias_id = std::move(*in.mutable_alias_id());
  recipient.port = static_cast<std::uint16_t>(in.port());
  recipient.last = std::move(last).value();
  return recipient;
}

}  // namespace

void to_wire(const model::Outbound& message, wire::Outbound& out) {
  out.set_id(message.id);
  out.set_state(static_cast<std::uint32_t>(message.state));
  out.set_is_held(message.is_held);
  out.set_is_redacted(message.is_redacted);
  out.set_is_given_up(message.is_given_up);
  out.set_is_forward(message.is_forward);
  out.set_shown(message.shown);
  out.set_domain_id(message.domain_id);
  out.set_user_id(message.user_id);
  out.set_alias_id(message.alias_id);
  out.set_envelope_from(message.envelope_from);
  out.set_envelope_id(message.envelope_id);
  out.set_returns(static_cast<std::uint32_t>(message.returns));
  out.set_body(static_cast<std::uint32_t>(message.body));
  out.set_smtp_utf8(message.smtp_utf8);
  out.set_require_tls(message.require_tls);
  out.set_tls_optional(message.tls_optional);
  out.set_created(message.created);
  out.set_not_before(message.not_before);
  out.set_expires(message.expires);
  out.set_ended(message.ended);
  out.set_size(message.size);
  out.set_header_from(message.header_from);
  out.set_message_id(message.message_id);
  out.set_subject(message.subject);
  out.set_date(message.date);
  out.set_not_to(message.not_to);
  for (const model::OutboundRecipient& recipient : message.recipients)
    to_wire(recipient, *out.add_recipients());
}

Outcome<model::Outbound> from_wire(wire::Outbound& in) {
  model::Outbound message;
  if (!read_state(in.state(), message.state) || !read_returns(in.returns(), message.returns) ||
      !read_body(in.body(), message.body))
    return bad_wire("an outbound message with a word of no known meaning");
  message.id = std::move(*in.mutable_id());
  message.is_held = in.is_held();
  message.is_redacted = in.is_redacted();
  message.is_given_up = in.is_given_up();
  message.is_forward = in.is_forward();
  message.shown = std::move(*in.mutable_shown());
  message.domain_id = std::move(*in.mutable_domain_id());
  message.user_id = std::move(*in.mutable_user_id());
  message.alias_id = std::move(*in.mutable_alias_id());
  message.envelope_from = std::move(*in.mutable_envelope_from());
  message.envelope_id = std::move(*in.mutable_envelope_id());
  message.smtp_utf8 = in.smtp_utf8();
  message.require_tls = in.require_tls();
  message.tls_optional = in.tls_optional();
  message.created = in.created();
  message.not_before = in.not_before();
  message.expires = in.expires();
  message.ended = in.ended();
  message.size = in.size();
  message.header_from = std::move(*in.mutable_header_from());
  message.message_id = std::move(*in.mutable_message_id());
  message.subject = std::move(*in.mutable_subject());
  message.date = in.date();
  message.not_to = std::move(*in.mutable_not_to());
  message.recipients.reserve(static_cast<std::size_t>(in.recipients_size()));
  for (wire::OutboundRecipient& one : *in.mutable_recipients()) {
    Outcome<model::OutboundRecipient> recipient = from_wire(one);
    if (!recipient.ok()) return recipient.failure();
    message.recipients.push_back(std::move(recipient).value());
  }
  return message;
}

}  // namespace fwd::rpc
