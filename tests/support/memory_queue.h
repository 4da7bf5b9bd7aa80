#ifndef FWD_TESTS_SUPPORT_MEMORY_QUEUE_H
#define FWD_TESTS_SUPPORT_MEMORY_QUEUE_H

// The outbound queue in memory, as far as a worker sees it.

#include <map>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/event.h"
#include "model/forwarding.h"
#include "model/queue.h"

namespace fwd::test {

class MemoryQueue final : public model::Queue {
 public:
  explicit MemoryQueue(Clock& clock) : clock_(clock) {}

  // Queues a message; its recipients' destinations are their domains.
  void add(model::NewOutbound message, std::string domain);

  // Queues a forward, one destination for each host name or domain.
  void add_forward(model::NewForward forward, std::string domain, bool in_session);
  // As settle_forward(kKeep).
  void keep(const std::string& id);

  Task<Outcome<std::vector<model::Claim>>> claim(model::ClaimQuestion question) override;
  Task<Outcome<std::string>> read_outbound(std::string id, std::uint64_t offset,
                                           std::uint64_t most) override;
  Task<Outcome<void>> report(model::Report report) override;
  Task<Outcome<void>> prolong(std::uint64_t lease, std::chrono::seconds by) override;
  Task<Outcome<std::vector<model::SigningKey>>> signing_keys(std::string domain) override;
  Task<Outcome<model::BounceHook>> bounce_hook(std::string domain_id) override;
  Task<Outcome<model::ForwardOwners>> forward_owners(std::string domain_id,
                                                     std::string alias_id) override;
  Task<Outcome<std::vector<model::Outbound>>> list_outbound(model::QueueFilter filter) override;
  Task<Outcome<std::uint64_t>> act_on_outbound(model::QueueFilter filter,
                                               model::QueueAction action) override;
  Task<Outcome<model::QueueStat>> queue_stat() override;

  model::Outbound& message(const std::string& id) { return messages_.at(id).message; }
  const std::string& content(const std::string& id) { return messages_.at(id).content; }

  std::vector<model::SigningKey> keys;
  model::BounceHook hook;
  std::vector<std::string> hooks_asked;  // bounce_hook()s
  model::ForwardOwners owners;
  std::vector<std::string> owners_asked;  // "domain alias" of forward_owners()s
  std::optional<Failure> owners_trouble;  // while set forward_owners() fails so
  model::ForwardFacts facts;              // of all
  std::vector<model::Report> reports;
  std::map<std::string, model::DestinationReport> destinations;
  std::vector<std::pair<std::uint64_t, std::chrono::seconds>> prolonged;
  int asked = 0;                          // claim()s
  model::ClaimQuestion last_question;     // of these
  std::optional<Failure> trouble;         // while set every call fails so
  std::optional<Failure> report_trouble;  // while set report() alone fails so
  std::size_t most_notice = SIZE_MAX;     // octets of one
  bool loses_leases = false;              // prolong() says kWrongState
  std::uint64_t reads = 0;

 private:
  struct Entry {
    model::Outbound message;
    std::string content, domain;
    model::ForwardFacts facts;
    bool in_session = false;
    std::map<std::uint32_t, std::uint64_t> leases;  // by recipient
  };
  std::vector<model::Claim> due(const model::ClaimQuestion& question);

  Clock& clock_;
  std::map<std::string, Entry> messages_;
  std::uint64_t last_lease_ = 0;
  Event changed_;
};

}  // namespace fwd::test

#endif
