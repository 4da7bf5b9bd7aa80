// forwardemail alias test: where mail to an address goes, and why.
#include "core/text.h"
#include "format/address.h"
#include "model/sender_rules.h"
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

using model::Recipient;
using model::RecipientKind;

struct KindWords {
  RecipientKind kind;
  const char* name;      // in JSON
  const char* sentence;  // to a person
};
constexpr KindWords kKinds[] = {
    {RecipientKind::kAccepted, "accepted", "is accepted"},
    {RecipientKind::kIgnored, "ignored", "is accepted and dropped (250)"},
    {RecipientKind::kSoftDisabled, "soft_disabled", "is disabled, for a while (421)"},
    {RecipientKind::kHardDisabled, "hard_disabled", "is disabled (550)"},
    {RecipientKind::kUnknown, "unknown", "is not known (550)"},
    {RecipientKind::kForeign, "foreign", "is not of a domain of ours (550)"},
    {RecipientKind::kFull, "full", "leads to a mailbox that is full (452)"},
    {RecipientKind::kNoDestination, "no_destination", "exists and leads nowhere (550)"},
    {RecipientKind::kBadReturnPath, "bad_return_path",
     "is no return path of ours, its time is over, or it is used up (550)"},
    {RecipientKind::kTooMany, "too_many", "leads to too many destinations (421)"},
    {RecipientKind::kConfirms, "confirms", "takes the answer of a recipient who was asked"},
    {RecipientKind::kUnverified, "unverified",
     "leads only to people who have not agreed yet, and waits for them (421)"},
    {RecipientKind::kAsksDns, "records_unusable",
     "waits: the TXT records of its domain cannot be used as they stand (421)"},
};

const KindWords& words_of(RecipientKind kind) {
  for (const KindWords& row : kKinds)
    if (row.kind == kind) return row;
  return kKinds[0];
}

const char* name_of(model::DestinationKind kind) {
  return kind == model::DestinationKind::kWebhook ? "webhook"
         : kind == model::DestinationKind::kHost  ? "host"
                                                  : "address";
}

// Who passes mail on to it, and signs for that.
const std::string& passer(const Recipient& found, const model::Destination& one) {
  for (const model::PassedDomain& passed : found.passed)
    if (passed.domain_id == one.domain_id) return passed.domain;
  return found.domain;
}

format::Json json_of(const Recipient& found, const model::Destination& one) {
  format::Json object;
  object.set("kind", format::Json(name_of(one.kind)));
  object.set("address", format::Json(one.address));
  if (!one.host.empty()) object.set("host", format::Json(one.host));
  if (one.kind != model::DestinationKind::kWebhook)
    object.set("port", format::Json(std::int64_t{one.port}));
  object.set("by", format::Json(passer(found, one)));
  return object;
}

format::Json json_of(const Recipient& found) {
  format::Json object;
  object.set("address", format::Json(found.address));
  object.set("result", format::Json(words_of(found.kind).name));
  format::Json::Array mailboxes, destinations, passed, steps;
  for (const auto& mailbox : found.mailboxes) mailboxes.push_back(format::Json(mailbox.address));
  for (const auto& one : found.destinations) destinations.push_back(json_of(found, one));
  for (const auto& one : found.passed) passed.push_back(format::Json(one.domain));
  for (const std::string& step : found.steps) steps.push_back(format::Json(step));
  object.set("mailboxes", format::Json(std::move(mailboxes)));
  object.set("destinations", format::Json(std::move(destinations)));
  object.set("through", format::Json(std::move(passed)));
  object.set("vacation", format::Json(found.has_vacation));
  object.set("steps", format::Json(std::move(steps)));
  return object;
}

std::string text_of(const Recipient& found) {
  std::string text;
  for (const std::string& step : found.steps) text += step + '\n';
  text += found.address + ' ' + words_of(found.kind).sentence + '\n';
  for (const auto& mailbox : found.mailboxes) text += "  mailbox " + mailbox.address + '\n';
  for (const auto& one : found.destinations) {
    text += std::string("  ") + name_of(one.kind) + ' ' + one.address;
    if (!one.host.empty()) text += " at " + one.host;
    if (one.port != 25) text += " port " + std::to_string(one.port);
    if (passer(found, one) != found.domain) text += ", passed on by " + passer(found, one);
    text += '\n';
  }
  if (found.has_vacation) text += "  and its owner is away: senders are told\n";
  return text;
}

// What a domain's lists make of a proven sender of whom nothing else is known; `whose`: "the
// domain", or the name of one that is led through.
std::string sender_step(const model::RecipientRules& rules, const std::string& whose,
                        const std::string& sender) {
  const model::RulesDecision decision = model::rules_verdict(rules, {"", {}, {sender}, {sender}});
  if (decision.verdict == model::RulesVerdict::kDenied)
    return sender + ": refused by " + whose + "'s denylist, " + decision.entry + " (550)";
  if (decision.verdict == model::RulesVerdict::kNotAllowed)
    return sender + ": not on " + whose +
           "'s allowlist, so refused (550) unless address or author are";
  if (!decision.entry.empty())
    return sender + ": let in by " + whose + "'s allowlist where it is proven, " + decision.entry;
  return sender + ": no list of " + whose + " says anything";
}

// What the domains that it leads through want of who sends.
void add_rules(Recipient& found, const Call& call) {
  if (found.domain_id.empty()) return;
  if (found.rules.require_tls)
    found.steps.push_back(found.domain + " takes mail over TLS only (530)");
  for (const model::PassedDomain& passed : found.passed)
    if (passed.rules.require_tls)
      found.steps.push_back(passed.domain + " takes mail over TLS only (530)");
  if (!call.has("from")) return;
  const std::string sender = call.option("from");
  found.steps.push_back(sender_step(found.rules, "the domain", sender));
  for (const model::PassedDomain& passed : found.passed)
    found.steps.push_back(sender_step(passed.rules, passed.domain, sender));
}

}  // namespace

Task<Outcome<void>> alias_test(Desk& desk, Call call) {
  const std::string& asked = call.words[0];
  if (!same_word(asked, "postmaster") &&
      !format::parse_mailbox(asked, format::AddressCharset::kUtf8).ok())
    co_return Failure{Fault::kBadInput, "'" + asked + "' is not an address", ""};
  model::RecipientQuestion question{asked};
  question.explain = true;
  auto found = co_await desk.deliveries->resolve_recipient(question);
  if (!found.ok()) co_return found.failure();
  std::vector<std::string> steps;
  if (found.value().kind == RecipientKind::kAsksDns) {
    auto texts = co_await desk.find_texts(found.value().domain);
    if (!texts.ok())
      co_return Failure{texts.failure().fault,
                        "the TXT records of " + found.value().domain + " cannot be had",
                        texts.failure().private_text};
    steps.push_back(found.value().domain + ": TXT records are asked for, " +
                    std::to_string(texts.value().size()) + " found");
    question.address = found.value().address;
    question.records = std::move(texts).value();
    found = co_await desk.deliveries->resolve_recipient(question);
    if (!found.ok()) co_return found.failure();
  }
  Recipient& recipient = found.value();
  recipient.steps.insert(recipient.steps.begin(), steps.begin(), steps.end());
  if (recipient.is_return_path)
    recipient.steps.push_back("a return path of ours: only mail without a sender may come to it" +
                              std::string(recipient.destinations.empty()
                                              ? ""
                                              : ", as often as what it was given for was taken"));
  add_rules(recipient, call);
  if (call.json)
    print_json(desk, json_of(recipient));
  else
    desk.print(printable(text_of(recipient)));
  co_return Outcome<void>{};
}

}  // namespace fwd::service
