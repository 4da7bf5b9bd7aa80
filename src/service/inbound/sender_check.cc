// Asks both lists of senders.
#include "service/inbound/sender_check.h"

#include <utility>

namespace fwd::service {

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
  if (verdict.is_partial)
    verdict.finding.why +=
        std::string(verdict.finding.why.empty() ? "" : "; ") + "the door's lists are away";
  co_return verdict;
}

}  // namespace fwd::service
