#ifndef FWD_DOOR_SUBMISSION_KEEPER_H
#define FWD_DOOR_SUBMISSION_KEEPER_H

// Keeps model::Submission: who sends is checked as a login is, what they send
// by the rules, how much by the day, and then it is queued.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "door/login_proof.h"
#include "door/stores.h"
#include "door/submission_rules.h"
#include "model/submission.h"
#include "storage/queue/queue_store.h"

namespace fwd::door {

// What one who logged in to send was let in by: one of the three.
struct SendingGrant {
  std::optional<crypto::StoredCredential> credential;  // of the alias
  std::optional<model::Token> token;                   // of the domain
  bool is_trusted = false;                             // of a local program
};

class SubmissionKeeper final : public model::Submission {
 public:
  // All must outlive the keeper and all it gives out.
  SubmissionKeeper(Stores& stores, LoginProof& proof, queue::QueueStore& queue,
                   SubmissionLimits limits)
      : stores_(stores), proof_(proof), queue_(queue), limits_(std::move(limits)) {}

  Task<Outcome<std::shared_ptr<model::SenderSession>>> log_in_to_send(
      model::LoginContext context, std::string address, std::string password) override;
  Task<Outcome<std::unique_ptr<model::SenderScram>>> begin_scram_to_send(
      model::LoginContext context, std::string client_first, bool offered_plus) override;
  Task<Outcome<std::shared_ptr<model::SenderSession>>> let_local_send(model::LoginContext context,
                                                                      std::uint32_t uid,
                                                                      std::string user) override;

  // As SenderSession says.
  Task<Outcome<model::Submitted>> submit(model::Sender sender, SendingGrant grant,
                                         model::NewOutbound message);
  std::shared_ptr<model::SenderSession> session_of(const Proven& proven);
  Task<Outcome<std::shared_ptr<model::SenderSession>>> session_of_domain(ProvenDomain proven);
  void set_limits(SubmissionLimits limits) { limits_ = std::move(limits); }

 private:
  using Session = std::shared_ptr<model::SenderSession>;
  // By a password of the whole domain; nothing: none fits.
  Task<Outcome<std::optional<Session>>> try_domain_password(
      std::string address, std::shared_ptr<crypto::Secret> password);
  Task<Outcome<model::Submitted>> submit_remote(model::Sender sender, SendingGrant grant,
                                                model::NewOutbound message);
  Task<Outcome<model::Submitted>> submit_local(model::Sender sender, SendingGrant grant,
                                               model::NewOutbound message);
  // Queues it within what the day allows.
  Task<Outcome<model::Submitted>> queue_counted(std::vector<DailyCount> counts,
                                                model::NewOutbound message, queue::Owner owner);
  Task<Outcome<void>> count(std::vector<DailyCount> counts);
  Task<Outcome<void>> take_back(std::vector<DailyCount> counts);

  Stores& stores_;
  LoginProof& proof_;
  queue::QueueStore& queue_;
  SubmissionLimits limits_;
};

}  // namespace fwd::door

#endif
