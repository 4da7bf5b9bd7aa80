// Values of Deliveries as protobuf messages and back.
#include "rpc/wire_deliveries.h"

namespace fwd::rpc {

void to_wire(const model::RecipientQuestion& question, wire::RecipientQuestion& out) {
  out.set_address(question.address);
  out.set_has_records(question.records.has_value());
  if (question.records)
    for (const std::string& record : *question.records) out.add_records(record);
  out.set_explain(question.explain);
}

model::RecipientQuestion from_wire(wire::RecipientQuestion& in) {
  model::RecipientQuestion question;
  question.address = std::move(*in.mutable_address());
  if (in.has_records()) {
    question.records.emplace();
    for (std::string& record : *in.mutable_records())
      question.records->push_back(std::move(record));
  }
  question.explain = in.explain();
  return question;
}

void to_wire(const model::Destination& destination, wire::Destination& out) {
  out.set_kind(static_cast<std::uint32_t>(destination.kind));
  out.set_address(destination.address);
  out.set_host(destination.host);
  out.set_port(destination.port);
  out.set_alias_id(destination.alias_id);
  out.set_domain_id(destination.domain_id);
}

Outcome<model::Destination> from_wire(wire::Destination& in) {
  if (in.kind() < static_cast<std::uint32_t>(model::DestinationKind::kAddress) ||
      in.kind() > static_cast<std::uint32_t>(model::DestinationKind::kWebhook) || in.port() > 65535)
    return bad_wire("a destination of no known kind");
  model::Destination destination;
  destination.kind = static_cast<model::DestinationKind>(in.kind());
  destination.address = std::move(*in.mutable_address());
  destination.host = std::move(*in.mutable_host());
  destination.port = static_cast<std::uint16_t>(in.port());
  destination.alias_id = std::move(*in.mutable_alias_id());
  destination.domain_id = std::move(*in.mutable_domain_id());
  return destination;
}

void to_wire(const model::RecipientRules& rules, wire::RecipientRules& out) {
  out.set_require_tls(rules.require_tls);
  for (const std::string& one : rules.allowlist) out.add_allowlist(one);
  for (const std::string& one : rules.denylist) out.add_denylist(one);
  out.set_has_adult_content_protection(rules.has_adult_content_protection);
  out.set_has_phishing_protection(rules.has_phishing_protection);
  out.set_has_executable_protection(rules.has_executable_protection);
  out.set_has_virus_protection(rules.has_virus_protection);
}

model::RecipientRules from_wire(wire::RecipientRules& in) {
  model::RecipientRules rules;
  rules.require_tls = in.require_tls();
  for (std::string& one : *in.mutable_allowlist()) rules.allowlist.push_back(std::move(one));
  for (std::string& one : *in.mutable_denylist()) rules.denylist.push_back(std::move(one));
  rules.has_adult_content_protection = in.has_adult_content_protection();
  rules.has_phishing_protection = in.has_phishing_protection();
  rules.has_executable_protection = in.has_executable_protection();
  rules.has_virus_protection = in.has_virus_protection();
  return rules;
}

void to_wire(const model::Recipient& recipient, wire::Recipient& out) {
  out.set_kind(static_cast<std::uint32_t>(recipient.kind));
  out.set_address(recipient.address);
  out.set_domain_id(recipient.domain_id);
  for (const model::RecipientTarget& target : recipient.mailboxes) {
    wire::RecipientTarget& one = *out.add_mailboxes();
    one.set_alias_id(target.alias_id);
    one.set_address(target.address);
    one.set_domain_id(target.domain_id);
  }
  out.set_size_limit(recipient.size_limit);
  out.set_is_return_path(recipient.is_return_path);
  out.set_domain(recipient.domain);
  out.set_alias_id(recipient.alias_id);
  for (const model::Destination& destination : recipient.destinations)
    to_wire(destination, *out.add_destinations());
  out.set_has_vacation(recipient.has_vacation);
  if (recipient.rules != model::RecipientRules{}) to_wire(recipient.rules, *out.mutable_rules());
  for (const model::PassedDomain& passed : recipient.passed) {
    wire::PassedDomain& one = *out.add_passed();
    one.set_domain_id(passed.domain_id);
    one.set_domain(passed.domain);
    if (passed.rules != model::RecipientRules{}) to_wire(passed.rules, *one.mutable_rules());
  }
  for (const std::string& step : recipient.steps) out.add_steps(step);
}

Outcome<model::Recipient> from_wire(wire::Recipient& in) {
  if (in.kind() < static_cast<std::uint32_t>(model::RecipientKind::kAccepted) ||
      in.kind() > static_cast<std::uint32_t>(model::RecipientKind::kUnverified))
    return bad_wire("a recipient of no known kind");
  model::Recipient recipient;
  recipient.kind = static_cast<model::RecipientKind>(in.kind());
  recipient.address = std::move(*in.mutable_address());
  recipient.domain_id = std::move(*in.mutable_domain_id());
  for (wire::RecipientTarget& target : *in.mutable_mailboxes()) {
    recipient.mailboxes.push_back({std::move(*target.mutable_alias_id()),
                                   std::move(*target.mutable_address()),
                                   std::move(*target.mutable_domain_id())});
  }
  recipient.size_limit = in.size_limit();
  recipient.is_return_path = in.is_return_path();
  recipient.domain = std::move(*in.mutable_domain());
  recipient.alias_id = std::move(*in.mutable_alias_id());
  for (wire::Destination& one : *in.mutable_destinations()) {
    Outcome<model::Destination> destination = from_wire(one);
    if (!destination.ok()) return destination.failure();
    recipient.destinations.push_back(std::move(destination).value());
  }
  recipient.has_vacation = in.has_vacation();
  if (in.has_rules()) recipient.rules = from_wire(*in.mutable_rules());
  for (wire::PassedDomain& one : *in.mutable_passed()) {
    model::PassedDomain& passed = recipient.passed.emplace_back();
    passed.domain_id = std::move(*one.mutable_domain_id());
    passed.domain = std::move(*one.mutable_domain());
    if (one.has_rules()) passed.rules = from_wire(*one.mutable_rules());
  }
  for (std::string& step : *in.mutable_steps()) recipient.steps.push_back(std::move(step));
  return recipient;
}

void to_wire(model::DeliveryTarget target, wire::DeliveryTarget& out,
             std::vector<std::string>& pieces) {
  out.set_alias_id(std::move(target.alias_id));
  out.set_delivery_id(std::move(target.delivery_id));
  out.set_folder(static_cast<std::uint32_t>(target.folder));
  to_wire(target.flags, *out.mutable_flags());
  to_wire(std::move(target.message), *out.mutable_message(), pieces);
}

Outcome<model::DeliveryTarget> from_wire(wire::DeliveryTarget& in, Pieces& pieces) {
  const auto folder = special_use_of(in.folder());
  if (!folder) return bad_wire("a special use that does not exist");
  Outcome<format::PackedMessage> message = from_wire(*in.mutable_message(), pieces);
  if (!message.ok()) return message.failure();
  model::DeliveryTarget target;
  target.alias_id = std::move(*in.mutable_alias_id());
  target.delivery_id = std::move(*in.mutable_delivery_id());
  target.folder = *folder;
  target.flags = from_wire(*in.mutable_flags());
  target.message = std::move(message).value();
  return target;
}

void to_wire(const model::Returned& returned, wire::Returned& out) {
  out.set_return_path(returned.return_path);
  out.set_message_id(returned.message_id);
  for (const model::ReturnedRecipient& recipient : returned.failed) {
    wire::ReturnedRecipient& one = *out.add_failed();
    one.set_address(recipient.address);
    one.set_original(recipient.original);
    one.set_status(recipient.status);
    one.set_response(recipient.response);
    one.set_mx(recipient.mx);
  }
}

model::Returned from_wire(wire::Returned& in) {
  model::Returned returned;
  returned.return_path = std::move(*in.mutable_return_path());
  returned.message_id = std::move(*in.mutable_message_id());
  for (wire::ReturnedRecipient& one : *in.mutable_failed())
    returned.failed.push_back({std::move(*one.mutable_address()),
                               std::move(*one.mutable_original()), std::move(*one.mutable_status()),
                               std::move(*one.mutable_response()), std::move(*one.mutable_mx())});
  return returned;
}

Outcome<model::Delivery> from_wire(wire::Delivery& in, Pieces& pieces) {
  model::Delivery delivery;
  delivery.message_id = std::move(*in.mutable_message_id());
  delivery.peer_ip = std::move(*in.mutable_peer_ip());
  delivery.envelope_from = std::move(*in.mutable_envelope_from());
  for (wire::DeliveryTarget& one : *in.mutable_targets()) {
    Outcome<model::DeliveryTarget> target = from_wire(one, pieces);
    if (!target.ok()) return target.failure();
    delivery.targets.push_back(std::move(target).value());
  }
  if (in.has_returned()) delivery.returned = from_wire(*in.mutable_returned());
  if (!pieces.all_taken()) return bad_wire("pieces that nobody announced");
  return delivery;
}

}  // namespace fwd::rpc
