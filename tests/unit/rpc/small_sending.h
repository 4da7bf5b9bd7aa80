#ifndef FWD_TESTS_UNIT_RPC_SMALL_SENDING_H
#define FWD_TESTS_UNIT_RPC_SMALL_SENDING_H

// Keepers of Submission and Queue that say what they were asked and answer what
// the test laid out.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "model/queue.h"
#include "model/submission.h"

namespace fwd::test {

// A message to send with every field filled.
model::NewOutbound make_new_outbound(const std::string& content);
// A message in the queue with every field filled, and two recipients.
model::Outbound make_outbound(const std::string& id);

// What senders of a SmallSubmission have in common.
struct SmallSending {
  std::vector<model::NewOutbound> submitted;
  std::optional<Failure> refuses;  // submit() answers this
  Event gate;                      // submit() waits for it; set from the start
  int sessions_alive = 0;
  SmallSending() { gate.set(); }
};

// "hello@example.test" with "secret" is let in, and so is any uid but 0.
class SmallSubmission final : public model::Submission {
 public:
  std::shared_ptr<SmallSending> sending = std::make_shared<SmallSending>();
  model::LoginContext last_context;
  std::string last_user;
  Task<Outcome<std::shared_ptr<model::SenderSession>>> log_in_to_send(
      model::LoginContext context, std::string address, std::string password) override;
  Task<Outcome<std::unique_ptr<model::SenderScram>>> begin_scram_to_send(
      model::LoginContext context, std::string client_first, bool offered_plus) override;
  Task<Outcome<std::shared_ptr<model::SenderSession>>> let_local_send(model::LoginContext context,
                                                                      std::uint32_t uid,
                                                                      std::string user) override;
};

class SmallQueue final : public model::Queue {
 public:
  std::vector<std::string> asked;
  std::vector<model::ClaimQuestion> questions;
  std::vector<model::Claim> claims;
  Event due;  // claim() waits for it; set from the start
  int claims_waiting = 0;
  std::string content;  // of every message
  std::vector<model::Report> reports;
  std::vector<model::SigningKey> keys;
  model::BounceHook hook;
  model::ForwardOwners owners;
  std::vector<model::QueueFilter> filters;
  std::vector<model::Outbound> messages;  // newest first
  std::uint64_t acted = 1ULL << 33;       // act_on_outbound() answers this
  model::QueueAction last_action = model::QueueAction::kHold;
  model::QueueStat stat;
  SmallQueue() { due.set(); }

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
};

}  // namespace fwd::test

#endif
