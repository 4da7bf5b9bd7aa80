#ifndef FWD_SERVICE_INBOUND_TRANSACTION_H
#define FWD_SERVICE_INBOUND_TRANSACTION_H

// One message on its way from a peer into mailboxes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/inbound/policy.h"

namespace fwd::service {

struct HeaderScan;

class InboundTransaction final : public smtp::Transaction {
 public:
  InboundTransaction(const InboundContext& context, Recorder& recorder, Unsettled& unsettled,
                     const smtp::Peer& peer, smtp::Mail mail)
      : context_(context),
        recorder_(recorder),
        unsettled_(unsettled),
        peer_(peer),
        mail_(std::move(mail)) {}

  Task<smtp::Reply> on_recipient(smtp::Recipient named) override;
  Task<smtp::Reply> on_message(std::string content) override;

 private:
  // A mailbox that will get the message, and the recipient it is for.
  struct Goal {
    model::RecipientTarget mailbox;
    std::string recipient;  // as the peer wrote it
    std::string domain_id;
  };

  // Whom the peer means; Postmaster without a domain is found wherever we have one.
  Task<Outcome<model::Recipient>> find(const format::Address& address) const;
  // What the directory's answer means for this transaction.
  smtp::Reply judge(const model::Recipient& found) const;
  bool has_goal(const std::string& alias_id) const;
  // Mailboxes of `found` that no earlier recipient named.
  std::size_t new_goals(const model::Recipient& found) const;
  // The same words for every recipient.
  void note_all(std::string_view event, const smtp::Reply& reply, const std::string& reason,
                std::uint64_t size);
  // What the message says of one of ours, when it came to a return path.
  std::optional<model::Returned> returned(const std::string& content) const;
  Task<Outcome<void>> store(const HeaderScan& header, std::string content);
  // `ids`: the delivery id of each goal.
  Task<Outcome<void>> deliver(const HeaderScan& header, const std::string& content,
                              const std::vector<std::string>& ids);
  std::string trace_lines(const HeaderScan& header, const Goal& goal) const;

  InboundContext context_;
  Recorder& recorder_;
  Unsettled& unsettled_;
  const smtp::Peer& peer_;
  smtp::Mail mail_;
  std::vector<Goal> goals_;
  std::vector<Goal> ignored_;     // accepted, to be dropped; without mailbox
  std::string return_path_;       // of ours that it came to; "" for none
  std::size_t recipients_ = 0;    // accepted
  std::uint64_t size_limit_ = 0;  // octets the fullest mailbox still takes; 0: not known
};

}  // namespace fwd::service

#endif
