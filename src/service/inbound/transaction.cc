// Carries one message through the checks and to its goals.
#include "service/inbound/transaction.h"

#include <utility>

#include "protocol/smtp/failure_reply.h"
#include "service/inbound/checks.h"
#include "service/inbound/header_scan.h"
#include "service/inbound/storing.h"

namespace fwd::service {
namespace {

// A sender who may try again is not refused.
std::string_view refusal_event(const smtp::Reply& reply) {
  return reply.code < 500 ? "mx.deferred" : "mx.refused";
}

}  // namespace

void InboundTransaction::note_all(std::string_view event, const smtp::Reply& reply,
                                  const std::string& reason, std::uint64_t size) {
  const Goals& goals = recipients_.goals();
  for (const MailboxGoal& goal : goals.mailboxes)
    recorder_.note(
        peer_, mail_,
        {event, goal.recipient, goal.domain_id, goal.mailbox.alias_id, reply, reason, size});
  const bool stored = event == "mx.delivered";
  for (const IgnoredGoal& goal : goals.ignored)
    recorder_.note(
        peer_, mail_,
        {stored ? "mx.ignored" : event, goal.recipient, goal.domain_id, "", reply, reason, size});
}

Task<smtp::Reply> InboundTransaction::on_message(std::string content) {
  const HeaderScan header = scan_header(content);
  const std::uint64_t size = content.size();
  const MessageFacts facts{peer_, mail_, context_.options, header, content};
  const Judgement judgement = co_await judge_message(facts);
  if (judgement.refusal) {
    const smtp::Reply& reply = *judgement.refusal;
    note_all(refusal_event(reply), reply, std::string(judgement.decided_by), size);
    co_return reply;
  }
  smtp::Reply reply{250, "2.0.0", "Accepted as " + mail_.id};
  const Judged message{peer_, mail_, header, content, judgement, recipients_.goals()};
  if (!message.goals.mailboxes.empty()) {
    const auto stored = co_await store(context_, unsettled_, message);
    if (!stored.ok()) {
      reply = smtp::reply_to(stored.failure());
      note_all(refusal_event(reply), reply, stored.failure().private_text, size);
      co_return reply;
    }
  }
  note_all("mx.delivered", reply, "", size);
  co_return reply;
}

}  // namespace fwd::service
