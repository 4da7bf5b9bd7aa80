// Decides whom to tell of a forward that failed, and how often.
#include "service/delivery/issues.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/address.h"
#include "format/web_address.h"
#include "model/postmaster.h"
#include "service/delivery/issue_mail.h"

namespace fwd::delivery {
namespace {

constexpr std::chrono::hours kDay{24};

using Kind = model::RecipientKind;

// One that failed.
class OneIssue {
 public:
  OneIssue(const DeliveryContext& context, const DeliveryOptions& options,
           const model::Claim& claim, const model::OutboundRecipient& failed)
      : context_(context), options_(options), claim_(claim), failed_(failed) {}

  // "" when it is to be told of now, else why not.
  Task<Outcome<std::string>> take_turn();
  // For whom, after take_turn().
  Task<Outcome<void>> find_people();
  // None when nobody can be reached.
  std::vector<model::NewOutbound> write(const model::AttemptResult& result) const;
  Task<void> give_turn_back();

 private:
  struct Person {
    std::string address;
    std::string not_to;
  };
  std::string mark() const;
  const std::string& alias_id() const {
    return failed_.alias_id.empty() ? claim_.message.alias_id : failed_.alias_id;
  }
  bool is_failed_one(const std::string& address) const {
    return failed_.kind != model::DestinationKind::kWebhook &&
           format::is_same_person(address, failed_.address);
  }
  bool leads_to_somebody(const model::Recipient& found) const;
  bool is_told(const model::Recipient& found) const;
  void add(const model::Recipient& found, std::string not_to);
  Task<Outcome<bool>> try_person(std::string address);
  Task<Outcome<void>> try_mailbox(std::string address);
  Task<Outcome<void>> try_postmaster();

  const DeliveryContext& context_;
  const DeliveryOptions& options_;
  const model::Claim& claim_;
  const model::OutboundRecipient& failed_;
  std::string alias_;
  std::vector<Person> people_;
  std::set<std::string> mailboxes_;  // that get it by now, by alias
};

// State is no list of where mail goes.
std::string OneIssue::mark() const {
  const std::string what = claim_.message.domain_id + '\n' + to_lower(failed_.address) + '\n' +
                           failed_.host + '\n' + std::to_string(failed_.port);
  return "forward-issue:" + to_hex(crypto::sha256(what)).substr(0, 32);
}

Task<Outcome<std::string>> OneIssue::take_turn() {
  if (options_.issues_per_day == 0) co_return std::string("nobody is to be told");
  const std::string key = mark();
  // Who dies before the report was taken comes again, and is known by this.
  const std::string whose = claim_.message.id + ' ' + std::to_string(failed_.number);
  const auto repeat = std::chrono::duration_cast<std::chrono::seconds>(options_.issue_repeat);
  const auto first = co_await context_.state->set_if_absent(key, whose, repeat);
  if (!first.ok()) co_return first.failure();
  if (!first.value()) {
    const auto known = co_await context_.state->get(key);
    if (!known.ok()) co_return known.failure();
    co_return std::string(known.value() == whose ? "" : "told already");
  }
  const auto today =
      co_await context_.state->add("forward-issues:" + claim_.message.domain_id, 1, kDay);
  if (today.ok() && today.value().value <= options_.issues_per_day) co_return std::string();
  co_await give_turn_back();
  if (!today.ok()) co_return today.failure();
  co_return std::string("delivery.issues-per-day");
}

Task<void> OneIssue::give_turn_back() {
  const auto removed = co_await context_.state->remove(mark());
  static_cast<void>(removed);  // else it ends by itself
}

// Also when what failed is left out.
bool OneIssue::leads_to_somebody(const model::Recipient& found) const {
  if (found.kind == Kind::kForeign || found.kind == Kind::kAsksDns) return true;
  if (found.kind != Kind::kAccepted && found.kind != Kind::kFull) return false;
  return !found.mailboxes.empty() ||
         std::any_of(found.destinations.begin(), found.destinations.end(), [&](const auto& one) {
           return one.address != failed_.address && !is_failed_one(one.address);
         });
}

bool OneIssue::is_told(const model::Recipient& found) const {
  const auto is_same = [&](const Person& one) {
    return format::is_same_person(one.address, found.address);
  };
  if (std::any_of(people_.begin(), people_.end(), is_same)) return true;
  return !found.mailboxes.empty() &&
         std::all_of(found.mailboxes.begin(), found.mailboxes.end(),
                     [&](const auto& one) { return mailboxes_.contains(one.alias_id); });
}

void OneIssue::add(const model::Recipient& found, std::string not_to) {
  if (is_told(found)) return;
  people_.push_back({found.address, std::move(not_to)});
  for (const model::RecipientTarget& one : found.mailboxes) mailboxes_.insert(one.alias_id);
}

// Whether the person can be reached.
Task<Outcome<bool>> OneIssue::try_person(std::string address) {
  if (address.empty() || is_failed_one(address)) co_return false;
  const auto found = co_await context_.deliveries.find_recipient(std::move(address));
  if (!found.ok()) co_return found.failure();
  if (!leads_to_somebody(found.value())) co_return false;
  add(found.value(), failed_.address);
  co_return true;
}

// Who else gets the alias's mail is not who looks after it.
Task<Outcome<void>> OneIssue::try_mailbox(std::string address) {
  if (address.empty()) co_return Outcome<void>{};
  const auto found = co_await context_.deliveries.find_recipient(std::move(address));
  if (!found.ok()) co_return found.failure();
  const auto& mailboxes = found.value().mailboxes;
  const bool has_own = std::any_of(mailboxes.begin(), mailboxes.end(),
                                   [&](const auto& one) { return one.alias_id == alias_id(); });
  const bool is_open = found.value().kind == Kind::kAccepted || found.value().kind == Kind::kFull;
  if (has_own && is_open) add(found.value(), "*");
  co_return Outcome<void>{};
}

Task<Outcome<void>> OneIssue::try_postmaster() {
  if (!claim_.domain.empty()) {
    auto trying = try_person("postmaster@" + claim_.domain);
    const auto reached = co_await std::move(trying);
    if (!reached.ok()) co_return reached.failure();
    if (reached.value()) co_return Outcome<void>{};
  }
  auto finding = model::find_postmaster(context_.deliveries, options_.postmaster, options_.host);
  const auto found = co_await std::move(finding);
  if (!found.ok()) co_return found.failure();
  const bool is_failed = is_failed_one(found.value().address);
  if (!is_failed && leads_to_somebody(found.value())) add(found.value(), failed_.address);
  co_return Outcome<void>{};
}

Task<Outcome<void>> OneIssue::find_people() {
  auto asking = context_.queue.forward_owners(claim_.message.domain_id, alias_id());
  auto owners = co_await std::move(asking);
  if (!owners.ok()) co_return owners.failure();
  alias_ = owners.value().alias;
  auto owner = co_await try_person(std::move(owners.value().owner));
  if (!owner.ok()) co_return owner.failure();
  bool has_admin = false;
  for (std::string& one : owners.value().admins) {
    auto trying = try_person(std::move(one));
    const auto reached = co_await std::move(trying);
    if (!reached.ok()) co_return reached.failure();
    has_admin = has_admin || reached.value();
  }
  auto mailbox = co_await try_mailbox(std::move(owners.value().mailbox));
  if (!mailbox.ok() || has_admin) co_return mailbox;
  co_return co_await try_postmaster();
}

std::vector<model::NewOutbound> OneIssue::write(const model::AttemptResult& result) const {
  Issue issue;
  issue.domain = claim_.domain.empty() ? options_.host : claim_.domain;
  issue.shown = claim_.facts.shown;
  issue.alias = alias_;
  issue.destination = failed_.kind == model::DestinationKind::kWebhook
                          ? format::webhook_label(failed_.address)
                          : failed_.address;
  if (failed_.kind == model::DestinationKind::kHost) issue.destination += " at " + failed_.host;
  issue.sender = claim_.message.envelope_from;
  issue.message = claim_.message.id;
  issue.arrived = claim_.message.created;
  issue.now = unix_milliseconds(context_.clock.wall());
  issue.result = result;
  issue.repeat = options_.issue_repeat;
  std::vector<model::NewOutbound> all;
  for (const Person& one : people_) {
    issue.unique = context_.new_id();
    all.push_back(write_issue(issue, one.address));
    all.back().not_to = one.not_to;
  }
  return all;
}

Task<Outcome<std::vector<model::NewOutbound>>> tell(OneIssue& issue,
                                                    const model::AttemptResult& result) {
  const auto finding = co_await issue.find_people();
  if (!finding.ok()) {
    co_await issue.give_turn_back();
    co_return finding.failure();
  }
  co_return issue.write(result);
}

}  // namespace

Task<std::vector<model::NewOutbound>> tell_owners(const DeliveryContext& context,
                                                  const DeliveryOptions& options,
                                                  Recorder& recorder, const model::Claim& claim,
                                                  const model::Report& report) {
  std::vector<model::NewOutbound> all;
  if (!claim.message.is_forward || claim.message.envelope_from.empty() || context.state == nullptr)
    co_return all;
  for (std::size_t i = 0; i < report.recipients.size(); ++i) {
    const model::RecipientReport& one = report.recipients[i];
    const model::OutboundRecipient& failed = claim.message.recipients[i];
    if (one.state != model::RecipientState::kFailed || one.is_untold) continue;
    OneIssue issue(context, options, claim, failed);
    const auto why_not = co_await issue.take_turn();
    if (!why_not.ok()) {
      recorder.note_issue_failed(claim, why_not.failure().private_text);
      continue;
    }
    if (!why_not.value().empty()) {
      recorder.note_issue_skipped(claim, failed, why_not.value());
      continue;
    }
    auto telling = tell(issue, one.result);
    auto mails = co_await std::move(telling);
    if (!mails.ok()) recorder.note_issue_failed(claim, mails.failure().private_text);
    if (!mails.ok()) continue;
    if (mails.value().empty()) recorder.note_issue_failed(claim, "nobody can be reached");
    recorder.note_issue_told(claim, failed, mails.value());
    std::move(mails.value().begin(), mails.value().end(), std::back_inserter(all));
  }
  co_return all;
}

}  // namespace fwd::delivery
