// Keeps what DMARC said, and what was done.
#include "service/inbound/dmarc_story.h"

#include "mailauth/dmarc/dmarc_report.h"

namespace fwd::service {
namespace {

using mailauth::DmarcOverride;
using mailauth::DmarcPolicy;

struct Done {
  DmarcPolicy disposition = DmarcPolicy::kNone;
  DmarcOverride reason = DmarcOverride::kNone;
  std::string comment;
};

Done what_was_done(const MessageFacts& facts, const Evidence& evidence) {
  const DmarcPolicy wanted = evidence.dmarc->applied;
  if (wanted == DmarcPolicy::kNone) return {};
  if (evidence.is_spared)
    return {DmarcPolicy::kNone, DmarcOverride::kLocalPolicy, "from a network of ours"};
  if (evidence.arc_is_trusted)
    return {DmarcPolicy::kNone, DmarcOverride::kTrustedForwarder,
            "arc=pass by " + evidence.arc->newest_domain};
  switch (facts.options.judging.dmarc) {
    case Enforcement::kEnforce:
      return {wanted, DmarcOverride::kNone, ""};
    case Enforcement::kMark:
      if (wanted == DmarcPolicy::kQuarantine) return {wanted, DmarcOverride::kNone, ""};
      return {DmarcPolicy::kQuarantine, DmarcOverride::kLocalPolicy, "we refuse nothing by DMARC"};
    case Enforcement::kOff:
      break;
  }
  return {DmarcPolicy::kNone, DmarcOverride::kLocalPolicy, "we do not act on DMARC"};
}

std::string domain_of(const std::string& address) {
  const auto at = address.rfind('@');
  return at == std::string::npos ? "" : address.substr(at + 1);
}

}  // namespace

model::JournalEntry dmarc_story(const MessageFacts& facts, const Evidence& evidence) {
  mailauth::DmarcReportFacts report;
  report.message_id = facts.mail.id;
  report.source_ip = facts.peer.address.ip;
  report.envelope_from = facts.mail.sender.null ? "" : facts.mail.sender.address.domain;
  if (!facts.goals.addresses.empty()) report.envelope_to = domain_of(facts.goals.addresses.front());
  if (evidence.spf) {
    report.spf_domain = evidence.spf->domain;
    report.spf_is_helo = evidence.spf->by_helo;
    report.spf_word = std::string(mailauth::spf_word(evidence.spf->verdict));
  }
  if (evidence.dkim) report.dkim = alignment_facts(*evidence.dkim);
  Done done = what_was_done(facts, evidence);
  report.disposition = done.disposition;
  report.reason = done.reason;
  report.comment = std::move(done.comment);
  return mailauth::dmarc_entry(*evidence.dmarc, report);
}

}  // namespace fwd::service
