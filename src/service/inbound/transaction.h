#ifndef FWD_SERVICE_INBOUND_TRANSACTION_H
#define FWD_SERVICE_INBOUND_TRANSACTION_H

// One message on its way from a peer into mailboxes.

#include <cstdint>
#include <string>
#include <vector>

#include "service/inbound/policy.h"

namespace fwd::service {

struct HeaderScan;

class InboundTransaction final : public smtp::Transaction {
 public:
  InboundTransaction(const InboundContext& context, Recorder& recorder, const smtp::Peer& peer,
                     smtp::Mail mail)
      : context_(context), recorder_(recorder), peer_(peer), mail_(std::move(mail)) {}

  Task<smtp::Reply> on_recipient(smtp::Recipient named) override;
  Task<smtp::Reply> on_message(std::string content) override;

 private:
  // A mailbox that will get the message, and the recipient it is for.
  struct Goal {
    model::RecipientTarget mailbox;
    std::string recipient;  // as the peer wrote it
    std::string domain_id;
  };

  // What the directory's answer means for this transaction.
  smtp::Reply judge(const model::Recipient& found) const;
  bool has_goal(const std::string& alias_id) const;
  // Mailboxes of `found` that no earlier recipient named.
  std::size_t new_goals(const model::Recipient& found) const;
  // The same words for every recipient.
  void note_all(std::string_view event, const smtp::Reply& reply, const std::string& reason,
                std::uint64_t size);
  Task<Outcome<void>> store(const HeaderScan& header, std::string content);
  std::string trace_lines(const HeaderScan& header, const Goal& goal) const;

  InboundContext context_;
  Recorder& recorder_;
  const smtp::Peer& peer_;
  smtp::Mail mail_;
  std::vector<Goal> goals_;
  std::vector<Goal> ignored_;     // accepted, to be dropped; without mailbox
  std::size_t recipients_ = 0;    // accepted
  std::uint64_t size_limit_ = 0;  // octets the fullest mailbox still takes; 0: not known
};

}  // namespace fwd::service

#endif
