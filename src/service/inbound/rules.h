#ifndef FWD_SERVICE_INBOUND_RULES_H
#define FWD_SERVICE_INBOUND_RULES_H

// What the evidence on a message is worth: one rule a check, each a plain
// function of what is known, so that the same evidence gives the same answer.

#include <optional>
#include <string>
#include <string_view>

#include "protocol/smtp/reply.h"
#include "service/inbound/checks.h"
#include "service/inbound/evidence.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

struct Ruling {
  std::string result;  // one word
  std::string why;     // for people, may hold strangers' words
  double points = 0;
  std::optional<smtp::Reply> refusal;
  bool is_junk = false;
};

// Nothing: the check has nothing to say, and leaves no finding.
using Rule = std::optional<Ruling> (*)(const MessageFacts& facts, const Evidence& evidence);

// Of the header as such, the peer and who wrote (sender_rules.cc).
std::optional<Ruling> judge_header(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_loop(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_helo(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_iprev(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_from(const MessageFacts& facts, const Evidence& evidence);
// Of lists and of what is no answer to us (list_rules.cc).
std::optional<Ruling> judge_lists(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_domain_rules(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_dns_lists(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_backscatter(const MessageFacts& facts, const Evidence& evidence);
// Of authentication (authentication_rules.cc).
std::optional<Ruling> judge_dkim(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_arc(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_dmarc(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_spf(const MessageFacts& facts, const Evidence& evidence);
// Of the scanners (scan_rules.cc).
std::optional<Ruling> judge_virus(const MessageFacts& facts, const Evidence& evidence);
std::optional<Ruling> judge_spam(const MessageFacts& facts, const Evidence& evidence);

}  // namespace fwd::service

#endif
