#ifndef FWD_RPC_REMOTE_SUBMISSION_H
#define FWD_RPC_REMOTE_SUBMISSION_H

// Submission, kept by asking the door.

#include "model/submission.h"
#include "rpc/door.h"

namespace fwd::rpc {

// A session ends with its connection: submit() answers kClosed from then on.
class RemoteSubmission final : public model::Submission {
 public:
  explicit RemoteSubmission(Door& door) : door_(door) {}
  Task<Outcome<std::shared_ptr<model::SenderSession>>> log_in_to_send(
      model::LoginContext context, std::string address, std::string password) override;
  Task<Outcome<std::unique_ptr<model::SenderScram>>> begin_scram_to_send(
      model::LoginContext context, std::string client_first, bool offered_plus) override;
  Task<Outcome<std::shared_ptr<model::SenderSession>>> let_local_send(model::LoginContext context,
                                                                      std::uint32_t uid,
                                                                      std::string user) override;

 private:
  Task<Outcome<std::shared_ptr<model::SenderSession>>> log_in(Verb verb, Parcel request);
  Door& door_;
};

}  // namespace fwd::rpc

#endif
