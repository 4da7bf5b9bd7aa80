#ifndef FWD_SERVICE_INBOUND_GOALS_H
#define FWD_SERVICE_INBOUND_GOALS_H

// Where a message is to go, gathered recipient by recipient.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/deliveries.h"
#include "model/outbound.h"

namespace fwd::service {

// What the recipient itself is of, where its mail is led on through other domains.
struct Asked {
  std::string domain_id;
  std::string alias_id;
};

// A mailbox that will get the message, and the recipient it is for.
struct MailboxGoal {
  model::RecipientTarget mailbox;
  std::string recipient;  // as the peer wrote it
  std::string domain_id;  // of the mailbox
  Asked asked{};
};

// Destinations elsewhere that one recipient leads to by the word of one domain.
struct ForwardGoal {
  std::string recipient;  // as the peer wrote it: all that the sender may learn
  std::string domain_id;
  std::string domain;  // A-labels
  std::string alias_id;
  std::vector<model::Destination> destinations;
  bool is_return_path = false;
  Asked asked{};
};

// A recipient that was accepted and leads nowhere, on purpose.
struct IgnoredGoal {
  std::string recipient;
  std::string domain_id;
};

// An accepted recipient whose domain has lists of senders.  What they say of the
// author is asked with the content: rules_verdict() of model/sender_rules.h.
struct RulesGoal {
  std::string recipient;
  std::string domain_id;
  model::RecipientRules rules;
};

// An accepted recipient whose owner is away.
struct VacationGoal {
  std::string recipient;
  std::string domain_id;
  std::string alias_id;
};

// An accepted recipient that is a return path of ours and leads somewhere.
struct ReturnGoal {
  std::string recipient;    // as the peer wrote it
  std::string return_path;  // as the door knows it
  std::string domain_id;
  std::string domain;  // A-labels; of the path without "fe-bounces."
};

// Where a person who was asked answers: see Forwarding::confirm_recipient.
struct ConfirmGoal {
  std::string recipient;
  std::string domain_id;
  std::string alias_id;  // whose mail may be forwarded then
};

struct Goals {
  std::vector<MailboxGoal> mailboxes;  // no mailbox twice
  std::vector<ForwardGoal> forwards;   // no destination twice
  std::vector<IgnoredGoal> ignored;
  std::vector<VacationGoal> vacations;
  std::vector<ConfirmGoal> confirms;
  std::vector<RulesGoal> rules;  // no domain twice
  std::vector<ReturnGoal> returns;
  // By recipient: what it gets in place of the message, see came_back.h.
  std::map<std::string, model::NewOutbound> masked;
  std::string return_path;             // of ours that it came to; "" for none
  std::size_t recipients = 0;          // accepted
  std::vector<std::string> addresses;  // of these, as the peer wrote them
  // That these are of or are led on through, no domain twice.
  std::vector<std::string> domain_ids;
  std::string last_domain_id;         // of the newest
  bool has_virus_protection = false;  // some recipient's domain wants it
  std::uint64_t size_limit = 0;       // octets the fullest mailbox still takes; 0: not known

  // The one accepted recipient; "" when there are several, who must not learn of
  // each other (RFC 5321 §7.2).
  std::string only_recipient;
};

}  // namespace fwd::service

#endif
