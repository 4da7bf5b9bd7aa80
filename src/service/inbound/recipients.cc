// Decides recipients.
#include "service/inbound/recipients.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "format/address.h"
#include "mailauth/route/recipient_records.h"
#include "model/forward_share.h"
#include "model/postmaster.h"
#include "model/sender_rules.h"
#include "protocol/smtp/failure_reply.h"

namespace fwd::service {
namespace {

// A sender who may try again is not refused.
std::string_view refusal_event(const smtp::Reply& reply) {
  return reply.code < 500 ? "mx.deferred" : "mx.refused";
}

bool is_among(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// `destination` without the tag that it has from `recipient`: who writes a
// hundred tags means one mailbox.
std::string without_tag_of(const std::string& destination, const std::string& recipient) {
  const auto from = format::parse_mailbox(recipient, format::AddressCharset::kUtf8);
  const auto to = format::parse_mailbox(destination, format::AddressCharset::kUtf8);
  if (!from.ok() || !to.ok() || from.value().tag().empty()) return destination;
  if (from.value().tag() != to.value().tag()) return destination;
  format::Address plain = to.value();
  plain.local = std::string(to.value().user());
  return plain.text();
}

// The rules of all domains that the address leads through, its own first.
std::vector<model::PassedDomain> domains_of(const model::Recipient& found) {
  std::vector<model::PassedDomain> all{{found.domain_id, found.domain, found.rules}};
  all.insert(all.end(), found.passed.begin(), found.passed.end());
  return all;
}

}  // namespace

std::optional<smtp::Reply> Recipients::refusal(model::RecipientKind kind) {
  switch (kind) {
    case model::RecipientKind::kAccepted:
    case model::RecipientKind::kConfirms:
    case model::RecipientKind::kIgnored:  // looks like any other
      return std::nullopt;
    case model::RecipientKind::kSoftDisabled:
      // 421 is what the alias's owner asked for.  The session stays open for
      // the other recipients, though peers may well leave.
      return smtp::Reply{421, "4.2.1", "Mailbox disabled, try again later"};
    case model::RecipientKind::kUnverified:  // its sender comes again, and somebody may have agreed
      return smtp::Reply{421, "4.2.1", "Mailbox not open yet, try again later"};
    case model::RecipientKind::kHardDisabled:
      return smtp::Reply{550, "5.2.1", "Mailbox disabled"};
    case model::RecipientKind::kUnknown:
      return smtp::Reply{550, "5.1.1", "No such address here"};
    case model::RecipientKind::kForeign:
      return smtp::Reply{550, "5.7.1", "Not our domain, and we do not relay"};
    case model::RecipientKind::kFull:
      return smtp::Reply{452, "4.2.2", "Mailbox full"};
    case model::RecipientKind::kNoDestination:
      return smtp::Reply{550, "5.2.0", "The address exists and leads nowhere"};
    case model::RecipientKind::kBadReturnPath:
      return smtp::Reply{550, "5.7.1", "This return path is not ours, too old, or used up"};
    case model::RecipientKind::kTooMany:
      return smtp::Reply{421, "4.5.3", "The address leads to too many others, try again later"};
    case model::RecipientKind::kAsksDns:  // with its records, which say too much
      return smtp::Reply{421, "4.4.3", "The domain's records are not in order, try again later"};
  }
  return std::nullopt;
}

std::optional<Recipients::Verdict> Recipients::judge_sender(const model::Recipient& found) const {
  if (found.domain_id.empty()) return std::nullopt;
  for (const model::PassedDomain& domain : domains_of(found))
    if (auto verdict = judge_sender(
            domain.rules, domain.domain_id == found.domain_id ? "the domain" : domain.domain,
            is_return(found)))
      return verdict;
  return std::nullopt;
}

std::optional<Recipients::Verdict> Recipients::judge_sender(const model::RecipientRules& rules,
                                                            const std::string& whose,
                                                            bool is_return) const {
  if (rules.require_tls && !peer_.tls->active)
    // RFC 3207 §4.
    return Verdict{{530, "5.7.0", "Must issue a STARTTLS command first"},
                   whose + " takes mail over TLS only"};
  if (is_return) return std::nullopt;
  const model::SenderKeys keys{peer_.address.ip, {}, {mail_.sender_text()}, {}};
  const model::RulesDecision decision = model::rules_verdict(rules, keys);
  const smtp::Reply refusal{550, "5.7.1", "The recipient's domain does not take mail from you"};
  if (decision.verdict == model::RulesVerdict::kDenied)
    return Verdict{refusal, "denylist of " + whose + ": " + decision.entry};
  if (decision.verdict == model::RulesVerdict::kNotAllowed && !model::may_fit_author(rules) &&
      !mail_.sender.null)
    return Verdict{refusal, "not on the allowlist of " + whose};
  return std::nullopt;
}

Recipients::Verdict Recipients::judge(const model::Recipient& found,
                                      const std::string& address) const {
  if (auto verdict = judge_sender(found)) return std::move(*verdict);
  if (auto reply = refusal(found.kind)) return {std::move(*reply), join(found.steps, "; ")};
  const Verdict welcome{{250, "2.1.5", "Ok"}};
  const bool is_apart = is_kept_apart(found) || is_path_apart(found);
  if (found.kind == model::RecipientKind::kIgnored && !is_apart) return welcome;
  // RFC 5321 §4.5.5: what comes back to us about our mail has no sender, so
  // that whoever learns of the address has no way to the mailbox by it.
  if (found.is_return_path && !mail_.sender.null)
    return {{550, "5.7.1", "Only notices without a sender may come to a return path"}};
  if (is_path_apart(found))
    return {{452, "4.5.3", "A return path takes mail by itself only, send to it again"}};
  if (is_kept_apart(found))
    return {{452, "4.5.3", "Its domain has rules of its own, send to it by itself"}};
  if (found.size_limit > 0 && mail_.size.value_or(0) > found.size_limit)
    return {{452, "4.2.2", "Mailbox too full for a message of this size"}};
  if (goals_.mailboxes.size() + new_mailboxes(found) > context_.options.mailboxes)
    return {{452, "4.5.3", "Too many mailboxes for one message"}};
  // Each has a copy of its own in the queue, but those of one recipient.
  const std::size_t fresh = new_destinations(found, address).size();
  if (fresh > 0 && !goals_.forwards.empty() && destinations() + fresh > context_.options.mailboxes)
    return {{452, "4.5.3", "Too many recipients that lead elsewhere for one message"}};
  return welcome;
}

// What has no sender may be a report, which only its content shows.
bool Recipients::needs_content(const model::RecipientRules& rules) const {
  return model::needs_content(rules) || (mail_.sender.null && !rules.allowlist.empty());
}

// There is one answer for the whole message: one domain's lists must not give it
// for the people of another.
bool Recipients::is_kept_apart(const model::Recipient& found) const {
  if (goals_.domain_ids.empty() || is_return(found)) return false;
  const std::vector<model::PassedDomain> domains = domains_of(found);
  const auto is_there = [&](const model::PassedDomain& one) {
    return is_among(goals_.domain_ids, one.domain_id);
  };
  if (domains.size() == goals_.domain_ids.size() &&
      std::all_of(domains.begin(), domains.end(), is_there))
    return false;
  return std::any_of(domains.begin(), domains.end(),
                     [this](const auto& one) { return needs_content(one.rules); }) ||
         std::any_of(goals_.rules.begin(), goals_.rules.end(),
                     [this](const RulesGoal& goal) { return needs_content(goal.rules); });
}

// What comes to a return path may be written anew or refused, and mailboxes that
// others lead to as well must not get or lose anything by that.
bool Recipients::is_path_apart(const model::Recipient& found) const {
  if (goals_.recipients == 0) return false;
  if (!found.is_return_path && goals_.return_path.empty()) return false;
  return !same_word(found.address, goals_.return_path);
}

std::size_t Recipients::destinations() const {
  std::size_t count = 0;
  for (const ForwardGoal& goal : goals_.forwards) count += goal.destinations.size();
  return count;
}

bool Recipients::has_mailbox(const std::string& alias_id) const {
  return std::any_of(goals_.mailboxes.begin(), goals_.mailboxes.end(),
                     [&](const MailboxGoal& goal) { return goal.mailbox.alias_id == alias_id; });
}

std::size_t Recipients::new_mailboxes(const model::Recipient& found) const {
  return static_cast<std::size_t>(
      std::count_if(found.mailboxes.begin(), found.mailboxes.end(),
                    [&](const auto& mailbox) { return !has_mailbox(mailbox.alias_id); }));
}

std::vector<model::Destination> Recipients::new_destinations(const model::Recipient& found,
                                                             const std::string& address) const {
  std::vector<model::Destination> fresh;
  for (const model::Destination& one : found.destinations) {
    const std::string plain = without_tag_of(one.address, address);
    const auto has = [&](const ForwardGoal& goal) {
      const auto is_same = [&](const model::Destination& other) {
        return one.kind == other.kind && one.host == other.host && one.port == other.port &&
               plain == without_tag_of(other.address, goal.recipient);
      };
      return std::any_of(goal.destinations.begin(), goal.destinations.end(), is_same);
    };
    const bool is_known = std::any_of(goals_.forwards.begin(), goals_.forwards.end(), has);
    if (!is_known) fresh.push_back(one);
  }
  return fresh;
}

Task<Outcome<model::Recipient>> Recipients::find(const format::Address& address) const {
  auto finding =
      address.domain.empty()
          ? model::find_postmaster(context_.deliveries, context_.options.postmaster, peer_.host)
          : context_.deliveries.find_recipient(address.text());
  auto found = co_await finding;
  if (!found.ok() || found.value().kind != model::RecipientKind::kAsksDns) co_return found;
  // Not by a domain whose rules refuse already.
  if (judge_sender(found.value())) co_return found;
  auto asking =
      mailauth::find_by_records(context_.deliveries, context_.resolver, std::move(found).value());
  co_return co_await asking;
}

void Recipients::accept(const model::PassedDomain& domain, const std::string& address,
                        bool is_return) {
  if (!is_among(goals_.domain_ids, domain.domain_id)) goals_.domain_ids.push_back(domain.domain_id);
  goals_.has_virus_protection |= domain.rules.has_virus_protection;
  if (is_return) return;
  const auto is_known = [&](const RulesGoal& goal) { return goal.domain_id == domain.domain_id; };
  if ((!domain.rules.allowlist.empty() || !domain.rules.denylist.empty()) &&
      std::none_of(goals_.rules.begin(), goals_.rules.end(), is_known))
    goals_.rules.push_back({address, domain.domain_id, domain.rules});
}

void Recipients::accept(const model::Recipient& found, const std::string& address) {
  goals_.only_recipient = ++goals_.recipients == 1 ? address : "";
  goals_.addresses.push_back(address);
  goals_.last_domain_id = found.domain_id;
  for (const model::PassedDomain& domain : domains_of(found))
    accept(domain, address, is_return(found));
  if (found.is_return_path) goals_.return_path = found.address;
  if (found.is_return_path && found.kind == model::RecipientKind::kAccepted)
    goals_.returns.push_back({address, found.address, found.domain_id, found.domain});
  const Asked asked{found.domain_id, found.alias_id};
  const bool confirms = found.kind == model::RecipientKind::kConfirms;
  if (confirms || found.kind == model::RecipientKind::kIgnored)
    goals_.ignored.push_back({address, found.domain_id});
  if (confirms) goals_.confirms.push_back({found.address, found.domain_id, found.alias_id});
  for (const auto& mailbox : found.mailboxes)
    if (!has_mailbox(mailbox.alias_id))
      goals_.mailboxes.push_back({mailbox, address,
                                  mailbox.domain_id.empty() ? found.domain_id : mailbox.domain_id,
                                  asked});
  for (model::ForwardShare& share : model::share_out(found, new_destinations(found, address)))
    goals_.forwards.push_back({address, share.domain_id, share.domain, share.alias_id,
                               std::move(share.destinations), found.is_return_path, asked});
  if (found.has_vacation) goals_.vacations.push_back({address, found.domain_id, found.alias_id});
  if (found.size_limit > 0)
    goals_.size_limit =
        goals_.size_limit == 0 ? found.size_limit : std::min(goals_.size_limit, found.size_limit);
}

void Recipients::put_masked(const std::string& recipient, model::NewOutbound instead) {
  goals_.masked[recipient] = std::move(instead);
}

void Recipients::leave_out(const std::string& recipient) {
  const auto is_its = [&recipient](const auto& goal) { return goal.recipient == recipient; };
  std::erase_if(goals_.mailboxes, is_its);
  std::erase_if(goals_.forwards, is_its);
}

Task<smtp::Reply> Recipients::add(smtp::Recipient named) {
  const format::Path& recipient = named.path;
  std::string address = recipient.address.text();
  auto answer = co_await find(recipient.address);
  if (!answer.ok()) {
    const smtp::Reply reply = smtp::reply_to(answer.failure());
    recorder_.note(peer_, mail_,
                   {"mx.deferred", address, "", "", reply, answer.failure().private_text, 0});
    co_return reply;
  }
  const model::Recipient& found = answer.value();
  if (recipient.address.domain.empty()) address = found.address;
  const Verdict verdict = judge(found, address);
  if (!verdict.reply.accepts()) {
    recorder_.note(peer_, mail_,
                   {refusal_event(verdict.reply), address, found.domain_id, found.alias_id,
                    verdict.reply, verdict.reason, 0});
    co_return verdict.reply;
  }
  accept(found, address);
  co_return verdict.reply;
}

}  // namespace fwd::service
