// Sender lists kept in memory, for tests.
#include "support/memory_sender_lists.h"

namespace fwd::test {

void MemorySenderLists::add(model::ListKind kind, const std::string& value,
                            const std::string& reason) {
  model::ListedSender entry;
  entry.kind = kind;
  entry.value = model::listed_value(value).value();
  entry.reason = reason;
  entry.created = now();
  entries_[{entry.value, kind}] = entry;
}

Task<Outcome<std::vector<model::ListedSender>>> MemorySenderLists::find_listed(
    std::vector<std::string> values) {
  asked.push_back(values);
  if (refuses) co_return *refuses;
  std::vector<model::ListedSender> found;
  for (const std::string& value : values)
    for (const model::ListKind kind : {model::ListKind::kAllow, model::ListKind::kDeny}) {
      const auto at = entries_.find({value, kind});
      if (at != entries_.end() && is_in_force(at->second)) found.push_back(at->second);
    }
  co_return found;
}

Task<Outcome<model::ListedSender>> MemorySenderLists::put_listed(model::ListedSender entry) {
  if (refuses) co_return *refuses;
  auto value = model::listed_value(entry.value);
  if (!value.ok()) co_return value.failure();
  entry.value = value.value();
  entry.created = now();
  const auto at = entries_.find({entry.value, entry.kind});
  if (at == entries_.end() && entries_.size() >= most)
    co_return Failure{Fault::kOverLimit, "the sender lists are full", ""};
  if (at != entries_.end() && entry.is_learned && !at->second.is_learned) co_return at->second;
  entries_[{entry.value, entry.kind}] = entry;
  co_return entry;
}

Task<Outcome<void>> MemorySenderLists::remove_listed(model::ListKind kind, std::string value) {
  if (refuses) co_return *refuses;
  const auto spelled = model::listed_value(value);
  if (!spelled.ok()) co_return spelled.failure();
  if (entries_.erase({spelled.value(), kind}) > 0) co_return Outcome<void>{};
  co_return Failure{Fault::kNotFound, "there is no such entry", ""};
}

Task<Outcome<std::vector<model::ListedSender>>> MemorySenderLists::list_listed(model::ListKind kind,
                                                                               std::string after) {
  if (refuses) co_return *refuses;
  std::vector<model::ListedSender> found;
  for (const auto& [key, entry] : entries_)
    if (key.second == kind && key.first > after && is_in_force(entry) &&
        found.size() < model::kMostListedPage)
      found.push_back(entry);
  co_return found;
}

}  // namespace fwd::test
