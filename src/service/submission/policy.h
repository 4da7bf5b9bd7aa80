#ifndef FWD_SERVICE_SUBMISSION_POLICY_H
#define FWD_SERVICE_SUBMISSION_POLICY_H

// fwd-smtpd's policy: takes mail to anywhere from those who may send, and puts
// it into the queue (RFC 6409).  One for each session, as it keeps who logged in.
//
//   client: AUTH inside TLS ──┐
//                             ├─> SenderSession ──> MAIL ─> RCPT ─> content ─> submit
//   local:  uid of the socket ┘

#include <cstdint>
#include <string>

#include "core/clock.h"
#include "core/log.h"
#include "model/deliveries.h"
#include "model/submission.h"
#include "protocol/smtp/policy.h"
#include "service/submission/options.h"
#include "service/submission/recorder.h"
#include "service/submission/sender_keeper.h"

namespace fwd::submission {

// What it stands on; all must outlive the policy.
struct SubmissionContext {
  model::Submission& submission;
  model::Deliveries& deliveries;
  Recorder& recorder;
  Clock& clock;
  const SubmissionOptions& options;
};

// A program of this machine, known by its socket.
struct LocalUser {
  std::uint32_t uid = 0;
  std::string name;
};

class SubmissionPolicy final : public smtp::Policy {
 public:
  // For those who log in.
  explicit SubmissionPolicy(const SubmissionContext& context);
  SubmissionPolicy(const SubmissionContext& context, LocalUser local);

  Task<smtp::Reply> on_connect(const smtp::Peer& peer) override;
  Task<smtp::Admission> on_mail(const smtp::Peer& peer, smtp::Mail mail) override;
  smtp::Offers offers(const smtp::Peer& peer) const override;
  sasl::Keeper* keeper(const smtp::Peer& peer) override;
  void on_login(const smtp::Peer& peer, std::string_view mechanism,
                const Failure* failure) override;

 private:
  // Why this envelope sender is not the sender's to use, or nothing.
  std::optional<smtp::Reply> judge_sender(const smtp::Mail& mail) const;

  SubmissionContext context_;
  std::optional<LocalUser> local_;
  SenderKeeper keeper_;
};

}  // namespace fwd::submission

#endif
