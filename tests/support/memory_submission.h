#ifndef FWD_TESTS_SUPPORT_MEMORY_SUBMISSION_H
#define FWD_TESTS_SUPPORT_MEMORY_SUBMISSION_H

// A keeper of senders and a queue in memory, as model/submission.h promises
// them, and the submission policy over them.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/submission.h"
#include "service/submission/policy.h"
#include "support/smtp_rig.h"

namespace fwd::test {

// Knows "hello@example.test" with the password "secret", its whole domain
// with "domain-secret" as "*@example.test", and SCRAM by words: the proof is
// "right", with the binding's octets behind it.  uid 1000 may send, 1001 not.
class MemorySubmission final : public model::Submission {
 public:
  Task<Outcome<std::shared_ptr<model::SenderSession>>> log_in_to_send(
      model::LoginContext context, std::string address, std::string password) override;
  Task<Outcome<std::unique_ptr<model::SenderScram>>> begin_scram_to_send(
      model::LoginContext context, std::string client_first, bool offered_plus) override;
  Task<Outcome<std::shared_ptr<model::SenderSession>>> let_local_send(model::LoginContext context,
                                                                      std::uint32_t uid,
                                                                      std::string user) override;

  std::vector<model::NewOutbound> queue;
  std::map<std::string, std::string> known;  // Message-ID and sender: its id in the queue
  std::optional<Failure> login_trouble, submit_trouble;
  model::LoginContext last_context;
};

// The policy of fwd-smtpd for a rig.
class SubmissionDesk {
 public:
  explicit SubmissionDesk(SmtpRig& rig);
  // Gives the rig this policy: for those who log in, or for a local uid.
  void serve_clients();
  void serve_local(std::uint32_t uid, std::string user);

  MemorySubmission submission;
  submission::SubmissionOptions options;

 private:
  submission::SubmissionContext context();

  SmtpRig& rig_;
  std::unique_ptr<submission::Recorder> recorder_;
};

}  // namespace fwd::test

#endif
