// Aliases, mailboxes and a journal in memory.
#include "support/memory_deliveries.h"

#include <algorithm>

namespace fwd::test {
namespace {

std::string content_of(const format::PackedMessage& message) {
  std::string content;
  for (const auto& chunk : message.chunks) content += chunk.packed;
  return content;
}

}  // namespace

void MemoryDeliveries::add(const std::string& address, Alias alias) {
  const std::string domain = address.substr(address.rfind('@') + 1);
  if (domains_.empty()) first_domain_ = domain;
  domains_.insert(domain);
  if (alias.mailboxes.empty() && alias.destinations.empty()) alias.mailboxes = {address};
  aliases_[address] = std::move(alias);
}

const MemoryDeliveries::Alias* MemoryDeliveries::find(const std::string& local,
                                                      const std::string& domain,
                                                      std::string& name) const {
  for (const auto& candidate : {local, local.substr(0, local.find('+')), std::string("*")}) {
    name = candidate + "@" + domain;
    const auto hit = aliases_.find(name);
    if (hit != aliases_.end()) return &hit->second;
  }
  return nullptr;
}

Task<Outcome<model::Recipient>> MemoryDeliveries::resolve_recipient(
    model::RecipientQuestion question) {
  std::string address = std::move(question.address);
  if (trouble) co_return *trouble;
  model::Recipient found;
  if (same_word(address, "postmaster")) address += '@' + first_domain_;
  found.address = address;
  const auto at = address.rfind('@');
  const std::string domain = to_lower(std::string_view(address).substr(at + 1));
  found.kind = model::RecipientKind::kForeign;
  if (!domains_.contains(domain)) co_return found;
  found.domain_id = "id-" + domain;
  found.domain = domain;
  if (const auto own = rules.find(domain); own != rules.end()) found.rules = own->second;
  found.kind = model::RecipientKind::kAsksDns;
  if (dns_domains.contains(domain) && !question.records) co_return found;
  if (question.records) records = *question.records;
  found.kind = model::RecipientKind::kUnknown;
  std::string name;
  const Alias* alias = find(to_lower(std::string_view(address).substr(0, at)), domain, name);
  if (alias == nullptr) co_return found;
  found.kind = alias->kind;
  found.is_return_path = alias->is_return_path;
  found.has_vacation = alias->has_vacation;
  if (found.kind != model::RecipientKind::kAccepted) co_return found;
  found.alias_id = name;
  found.destinations = alias->destinations;
  for (const std::string& one : alias->passed) {
    const auto own = rules.find(one);
    found.passed.push_back(
        {"id-" + one, one, own == rules.end() ? model::RecipientRules{} : own->second});
  }
  for (const auto& mailbox : alias->mailboxes) {
    found.mailboxes.push_back({mailbox, mailbox, "id-" + mailbox.substr(mailbox.find('@') + 1)});
    const auto own = aliases_.find(mailbox);
    const std::uint64_t room = own == aliases_.end() ? 0 : own->second.room;
    if (room > 0)
      found.size_limit = found.size_limit == 0 ? room : std::min(found.size_limit, room);
  }
  co_return found;
}

Task<Outcome<void>> MemoryDeliveries::deliver(model::Delivery delivery) {
  if (trouble) co_return *trouble;
  for (const auto& target : delivery.targets) {
    const auto alias = aliases_.find(target.alias_id);
    if (alias == aliases_.end()) co_return Failure{Fault::kNotFound, "", "no such alias"};
    if (alias->second.room > 0 && target.message.size > alias->second.room)
      co_return Failure{Fault::kOverQuota, "", "no room"};
  }
  for (const auto& target : delivery.targets) {
    if (damaged.contains(target.alias_id)) co_return Failure{Fault::kCorrupt, "", "damaged"};
    const auto& id = target.delivery_id.empty() ? delivery.message_id : target.delivery_id;
    if (seen_.emplace(id, target.alias_id).second)
      stored_[target.alias_id].push_back(content_of(target.message));
  }
  deliveries_.push_back(std::move(delivery));
  co_return Outcome<void>{};
}

Task<Outcome<void>> MemoryJournal::write(model::JournalEntry entry) {
  if (down) co_return Failure{Fault::kUnavailable, "", "the journal is down"};
  entry.id = entries.size() + 1;
  entries.push_back(std::move(entry));
  co_return Outcome<void>{};
}

Task<Outcome<std::vector<model::JournalEntry>>> MemoryJournal::read(model::JournalQuery query) {
  std::vector<model::JournalEntry> out;
  for (const auto& entry : entries)
    if (query.message_id.empty() || entry.message_id == query.message_id) out.push_back(entry);
  co_return out;
}

Task<Outcome<std::uint64_t>> MemoryJournal::forget_before(std::int64_t time_ms) {
  co_return std::erase_if(entries, [&](const auto& entry) { return entry.time_ms < time_ms; });
}

}  // namespace fwd::test
