#ifndef FWD_SERVICE_SUBMISSION_SENDER_KEEPER_H
#define FWD_SERVICE_SUBMISSION_SENDER_KEEPER_H

// Carries the proofs of AUTH to Submission, and keeps who was let in.

#include <memory>
#include <string>

#include "model/submission.h"
#include "protocol/sasl/keeper.h"

namespace fwd::submission {

class SenderKeeper final : public sasl::Keeper {
 public:
  explicit SenderKeeper(model::Submission& submission) : submission_(submission) {}

  // Who is at the other end; before the first proof.
  void set_context(model::LoginContext context) { context_ = std::move(context); }
  // Null until somebody was let in.
  const std::shared_ptr<model::SenderSession>& session() const { return session_; }
  Task<Outcome<void>> let_local(std::uint32_t uid, std::string user);

  Task<Outcome<void>> check_password(std::string name, std::string password) override;
  Task<Outcome<std::string>> begin_scram(std::string client_first, bool offered_plus) override;
  Task<Outcome<std::string>> finish_scram(std::string client_final,
                                          std::string binding_data) override;

 private:
  model::Submission& submission_;
  model::LoginContext context_;
  std::unique_ptr<model::SenderScram> scram_;
  std::shared_ptr<model::SenderSession> session_;
};

}  // namespace fwd::submission

#endif
