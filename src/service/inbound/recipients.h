#ifndef FWD_SERVICE_INBOUND_RECIPIENTS_H
#define FWD_SERVICE_INBOUND_RECIPIENTS_H

// The recipients of one transaction: each is decided at RCPT, by what the
// directory says of it and what its domain wants of senders.

#include <optional>
#include <string>

#include "core/outcome.h"
#include "core/task.h"
#include "model/deliveries.h"
#include "protocol/smtp/policy.h"
#include "service/inbound/context.h"
#include "service/inbound/goals.h"
#include "service/inbound/recorder.h"

namespace fwd::service {

class Recipients {
 public:
  // Keeps references.
  Recipients(const InboundContext& context, Recorder& recorder, const smtp::Peer& peer,
             const smtp::Mail& mail)
      : context_(context), recorder_(recorder), peer_(peer), mail_(mail) {}

  // What it means that the recipient is not simply there.
  static std::optional<smtp::Reply> refusal(model::RecipientKind kind);
  // The answer to one RCPT; what is accepted is among the goals then.
  Task<smtp::Reply> add(smtp::Recipient named);
  const Goals& goals() const { return goals_; }
  // That recipient gets this in place of the message, or nothing after all.
  void put_masked(const std::string& recipient, model::NewOutbound instead);
  void leave_out(const std::string& recipient);

 private:
  struct Verdict {
    smtp::Reply reply;
    std::string reason{};  // for the operator
  };
  // Whom the peer means; Postmaster without a domain is found wherever we have one.
  Task<Outcome<model::Recipient>> find(const format::Address& address) const;
  // What the directory's answer means for this transaction.
  Verdict judge(const model::Recipient& found, const std::string& address) const;
  // Comes back to where our mail said it should: no list keeps that away.
  bool is_return(const model::Recipient& found) const {
    return found.is_return_path && mail_.sender.null;
  }
  bool needs_content(const model::RecipientRules& rules) const;
  // What the domains that it leads through say of who sends; a reply when one refuses.
  std::optional<Verdict> judge_sender(const model::Recipient& found) const;
  std::optional<Verdict> judge_sender(const model::RecipientRules& rules, const std::string& whose,
                                      bool is_return) const;
  bool is_kept_apart(const model::Recipient& found) const;
  bool is_path_apart(const model::Recipient& found) const;
  bool has_mailbox(const std::string& alias_id) const;
  // Mailboxes of `found` that no earlier recipient named.
  std::size_t new_mailboxes(const model::Recipient& found) const;
  // Destinations of `found` that no earlier recipient named, whatever their tags.
  std::vector<model::Destination> new_destinations(const model::Recipient& found,
                                                   const std::string& address) const;
  std::size_t destinations() const;
  void accept(const model::Recipient& found, const std::string& address);
  void accept(const model::PassedDomain& domain, const std::string& address, bool is_return);

  const InboundContext& context_;
  Recorder& recorder_;
  const smtp::Peer& peer_;
  const smtp::Mail& mail_;
  Goals goals_;
};

}  // namespace fwd::service

#endif
