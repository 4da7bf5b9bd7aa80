// Tells how a message was judged.
#include "service/inbound/story.h"

#include "service/inbound/verdict_lines.h"

namespace fwd::service {
namespace {

std::string finding_text(const Finding& finding) {
  std::string text = finding.result;
  if (!finding.why.empty()) text += " (" + finding.why + ")";
  if (finding.points != 0) text += " " + signed_points(finding.points);
  return text;
}

}  // namespace

void tell_story(Recorder& recorder, const smtp::Peer& peer, const smtp::Mail& mail,
                const Goals& goals, const Judgement& judgement) {
  if (judgement.findings.empty()) return;
  Recorder::Check told;
  told.fields = {{"verdict", std::string(verdict_word(judgement))},
                 {"points", plain_points(judgement.points)}};
  if (!judgement.decided_by.empty())
    told.fields.push_back({"decided_by", std::string(judgement.decided_by)});
  std::string order;
  for (const Finding& finding : judgement.findings) {
    if (!order.empty()) order += ' ';
    order += finding.check;
    told.fields.push_back({"check." + std::string(finding.check), finding_text(finding)});
  }
  told.fields.push_back({"checks", std::move(order)});
  told.domain_ids = goals.domain_ids;
  recorder.note_check(peer, mail, std::move(told));
  if (!judgement.dmarc) return;
  model::JournalEntry entry = *judgement.dmarc;
  // Of the recipient it names.
  if (!goals.domain_ids.empty()) entry.domain_id = goals.domain_ids.front();
  recorder.keep(std::move(entry));
}

}  // namespace fwd::service
