#ifndef FWD_TESTS_SUPPORT_MEMORY_DELIVERIES_H
#define FWD_TESTS_SUPPORT_MEMORY_DELIVERIES_H

// A directory and a mail store in memory that keep the promises of
// model/deliveries.h, and a journal beside them, for tests of those who ask.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "model/deliveries.h"
#include "model/journal.h"

namespace fwd::test {

class MemoryDeliveries final : public model::Deliveries {
 public:
  struct Alias {
    model::RecipientKind kind = model::RecipientKind::kAccepted;
    std::uint64_t room = 0;              // octets its mailbox still takes; 0: plenty
    std::vector<std::string> mailboxes;  // of other aliases; empty: its own
    bool is_return_path = false;
    bool has_vacation = false;
    std::vector<model::Destination> destinations{};  // elsewhere; with them no mailbox of its own
    std::vector<std::string> passed{};               // domains that it leads through
  };

  // `address` "*@domain" is the domain's catch-all.  A domain has a postmaster
  // only when it is added like any other.
  void add(const std::string& address, Alias alias);
  void add(const std::string& address) { add(address, Alias{}); }

  // What the alias's mailbox holds, oldest first.
  const std::vector<std::string>& messages(const std::string& address) { return stored_[address]; }
  const std::vector<model::Delivery>& deliveries() const { return deliveries_; }

  // Of domains, by lower-case name.
  std::map<std::string, model::RecipientRules> rules;
  // Domains that want their TXT records, and those they were last asked with.
  std::set<std::string> dns_domains;
  std::vector<std::string> records;

  // While set every call fails so.
  std::optional<Failure> trouble;
  // Aliases whose mailbox is damaged: a delivery fails at the first, when those
  // before it have the message.
  std::set<std::string> damaged;

  Task<Outcome<model::Recipient>> resolve_recipient(model::RecipientQuestion question) override;
  Task<Outcome<void>> deliver(model::Delivery delivery) override;

 private:
  const Alias* find(const std::string& local, const std::string& domain, std::string& name) const;

  std::map<std::string, Alias> aliases_;  // by lower-case address
  std::set<std::string> domains_;
  std::string first_domain_;
  std::map<std::string, std::vector<std::string>> stored_;
  std::set<std::pair<std::string, std::string>> seen_;  // delivery id, alias
  std::vector<model::Delivery> deliveries_;
};

class MemoryJournal final : public model::Journal {
 public:
  Task<Outcome<void>> write(model::JournalEntry entry) override;
  Task<Outcome<std::vector<model::JournalEntry>>> read(model::JournalQuery query) override;
  Task<Outcome<std::uint64_t>> forget_before(std::int64_t time_ms) override;

  std::vector<model::JournalEntry> entries;
  bool down = false;
};

}  // namespace fwd::test

#endif
