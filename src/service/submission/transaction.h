#ifndef FWD_SERVICE_SUBMISSION_TRANSACTION_H
#define FWD_SERVICE_SUBMISSION_TRANSACTION_H

// One message on its way from a sender into the queue.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/submission/policy.h"
#include "service/submission/submitted_header.h"

namespace fwd::submission {

class SubmissionTransaction final : public smtp::Transaction {
 public:
  SubmissionTransaction(const SubmissionContext& context,
                        std::shared_ptr<model::SenderSession> session, const smtp::Peer& peer,
                        smtp::Mail mail, std::optional<LocalUser> local);

  // Before anything else: a refusal, or nothing.
  Task<std::optional<smtp::Reply>> begin();
  Task<smtp::Reply> on_recipient(smtp::Recipient named) override;
  Task<smtp::Reply> on_message(std::string content) override;

 private:
  // Whether nobody can write back to an address of a local program, as cron's
  // "root@host": the address its mail goes out under stands for it.
  Task<Outcome<bool>> is_nowhere(std::string address) const;
  Task<Outcome<model::Recipient>> find(const format::Address& address) const;
  // What the header must have in addition, or why the message is refused.
  Task<Outcome<Supplements>> supplement(const SubmittedHeader& header, std::string& header_from);
  Outcome<std::int64_t> release_time(const SubmittedHeader& header) const;
  std::string trace_lines() const;
  smtp::Reply refuse(smtp::Reply reply, const std::string& reason, std::uint64_t size);
  Task<smtp::Reply> submit(model::NewOutbound message, std::uint64_t size);
  void note_all(std::string_view event, const smtp::Reply& reply, const std::string& reason,
                std::uint64_t size, const std::string& queue_id);

  SubmissionContext context_;
  std::shared_ptr<model::SenderSession> session_;
  const smtp::Peer& peer_;
  smtp::Mail mail_;
  std::optional<LocalUser> local_;
  std::vector<model::NewRecipient> recipients_;  // each address once
};

}  // namespace fwd::submission

#endif
