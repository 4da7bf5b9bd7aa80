// Asks both lists of senders.
#include "service/inbound/sender_check.h"

#include <algorithm>
#include <utility>

#include "format/ip_network.h"

namespace fwd::service {
namespace {

bool allows_name(const model::ListedSender& entry) {
  return entry.kind == model::ListKind::kAllow && !format::parse_ip_network(entry.value);
}
bool allows_host(const model::ListedSender& entry) {
  return allows_name(entry) && entry.value.find('@') == std::string::npos;
}

// Asked for hosts that the DNS does not name only, so of the first page.
Task<bool> may_name_host(model::SenderLists& kept, const StaticLists& configured) {
  if (configured.allows_hosts()) co_return true;
  auto asking = kept.list_listed(model::ListKind::kAllow, "");
  const Outcome<std::vector<model::ListedSender>> found = co_await asking;
  if (!found.ok()) co_return false;
  const auto& page = found.value();
  co_return page.size() >= model::kMostListedPage ||
      std::any_of(page.begin(), page.end(), allows_host);
}

}  // namespace

StaticLists StaticLists::read(const std::vector<std::string>& allow,
                              const std::vector<std::string>& deny,
                              std::vector<std::string>& faults) {
  StaticLists lists;
  lists.add(model::ListKind::kAllow, allow, "smtp.allowlist", faults);
  lists.add(model::ListKind::kDeny, deny, "smtp.denylist", faults);
  return lists;
}

void StaticLists::add(model::ListKind kind, const std::vector<std::string>& values,
                      std::string_view option, std::vector<std::string>& faults) {
  for (const std::string& written : values) {
    auto value = model::listed_value(written);
    if (!value.ok()) {
      faults.push_back(std::string(option) + ": " + written + ": " + value.failure().public_text);
      continue;
    }
    model::ListedSender entry;
    entry.kind = kind;
    entry.value = value.value();
    entry.reason = option;
    entries_.emplace(std::move(value).value(), std::move(entry));
  }
}

std::vector<model::ListedSender> StaticLists::find(const std::vector<ListKey>& keys) const {
  std::vector<model::ListedSender> found;
  if (entries_.empty()) return found;
  for (const ListKey& key : keys) {
    const auto [from, to] = entries_.equal_range(key.value);
    for (auto at = from; at != to; ++at) found.push_back(at->second);
  }
  return found;
}

bool StaticLists::allows_hosts() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const auto& entry) { return allows_host(entry.second); });
}

bool StaticLists::allows_names() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const auto& entry) { return allows_name(entry.second); });
}

std::optional<smtp::Reply> SenderVerdict::ask_again() const {
  if (decision.standing == Standing::kAllowed) return std::nullopt;
  if (is_partial)
    return smtp::Reply{451, "4.3.0", "The lists of senders are away, try again later"};
  if (may_name_host)
    return smtp::Reply{451, "4.4.3", "The name of your host could not be found now"};
  return std::nullopt;
}

smtp::Reply list_refusal(const SenderVerdict& verdict, Moment moment) {
  const auto again = verdict.ask_again();
  if (!again) return list_refusal(verdict.decision, moment);
  const bool is_greeting = moment == Moment::kGreeting;
  return {is_greeting ? 421 : again->code, again->enhanced, again->text, is_greeting};
}

Task<SenderVerdict> check_sender(model::SenderLists& kept, const StaticLists& configured,
                                 SenderFacts facts) {
  const std::vector<ListKey> keys = list_keys(facts);
  std::vector<model::ListedSender> entries = configured.find(keys);
  SenderVerdict verdict;
  if (!keys.empty()) {
    auto asking = kept.find_listed(key_values(keys));
    const Outcome<std::vector<model::ListedSender>> found = co_await asking;
    verdict.is_partial = !found.ok();
    if (found.ok()) entries.insert(entries.end(), found.value().begin(), found.value().end());
  }
  verdict.decision = decide_lists(keys, entries, facts);
  verdict.finding = list_finding(verdict.decision);
  if (facts.host_is_unknown && verdict.decision.standing != Standing::kAllowed) {
    auto naming = may_name_host(kept, configured);
    verdict.may_name_host = co_await naming;
  }
  if (verdict.is_partial)
    verdict.finding.why +=
        std::string(verdict.finding.why.empty() ? "" : "; ") + "the door's lists are away";
  co_return verdict;
}

Task<bool> allows_names(model::SenderLists& kept, const StaticLists& configured) {
  if (configured.allows_names()) co_return true;
  auto asking = kept.list_listed(model::ListKind::kAllow, "");
  const Outcome<std::vector<model::ListedSender>> found = co_await asking;
  if (!found.ok()) co_return true;
  const auto& page = found.value();
  co_return page.size() >= model::kMostListedPage ||
      std::any_of(page.begin(), page.end(), allows_name);
}

}  // namespace fwd::service
