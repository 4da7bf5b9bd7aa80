// Carries one message through the checks and to its goals.
//
//   judge ──> forward ──> store ──> wait ──> answer ──> settle
//
//   forward   every goal elsewhere is durable in the queue, in session, and tried at once
//   store     mailboxes here, while the destinations are asked
//   wait      for the destinations' words, at most smtp.forward-wait
//
//   what came of it                                     answer          settle
//   the queue or a mailbox cannot take it               4xx (552)       drop what waits
//   nothing stored, every destination refused           lowest 5xx      drop
//   nothing stored, no destination has it though some
//   may yet, and the sender is not proven               451             drop
//   stored, or some destination has it or may yet       250             keep
//
// Who is not proven gets no notice, so his own host must keep what nobody has
// taken.  A destination that has said nothing yet is one that may: it is slow, and
// would be slow the next time.
//
// The sender of a 4xx comes again: what has the message by then is known by its
// print, in the queue as in mailboxes, and does not get it twice.  A message
// without Message-ID has no print: mailboxes are protected by Unsettled, and a
// destination that took it before another goal failed gets it again.
//
// Where it may break off, and what follows:
//   before `forward` answered   the door may have the message or not; the sender comes again,
//                               and the print tells
//   from there to the answer    (we die, or a shutdown destroys this coroutine, which cannot
//                               settle then) the door keeps what is in session, at its limit:
//                               all is delivered or told of.  The sender comes again, and the
//                               print tells for mailboxes, too.  A peer that leaves breaks
//                               nothing off: we settle as if it had heard
//   settle fails                the door keeps it at its limit: after 250 as it should be; after
//                               4xx or 5xx it may be delivered though the sender heard no
//   after settle, before 250    the sender comes again, and the print tells
#include "service/inbound/transaction.h"

#include <memory>
#include <utility>

#include "format/automatic_mail.h"
#include "protocol/smtp/failure_reply.h"
#include "service/inbound/came_back.h"
#include "service/inbound/checks.h"
#include "service/inbound/fingerprint.h"
#include "service/inbound/forward_outcome.h"
#include "service/inbound/header_scan.h"
#include "service/inbound/storing.h"
#include "service/inbound/story.h"

namespace fwd::service {
namespace {

// A sender who may try again is not refused.
std::string_view refusal_event(const smtp::Reply& reply) {
  return reply.code < 500 ? "mx.deferred" : "mx.refused";
}

Failure used_up() { return {Fault::kDenied, "", "the return path has no credit left"}; }

std::string_view state_name(const model::ForwardedTo& to) {
  if (to.state == model::RecipientState::kDelivered) return to.is_repeat ? "repeat" : "delivered";
  return to.state == model::RecipientState::kFailed ? "failed" : "waiting";
}

Recorder::Fate of(const Asked& asked, Recorder::Fate fate) {
  fate.asked_domain_id = asked.domain_id;
  fate.asked_alias_id = asked.alias_id;
  return fate;
}

}  // namespace

void InboundTransaction::note_all(std::string_view event, const smtp::Reply& reply,
                                  const std::string& reason, std::uint64_t size) {
  const Goals& goals = recipients_.goals();
  const bool stored = event == "mx.delivered";
  for (const MailboxGoal& goal : goals.mailboxes) {
    Recorder::Fate fate{event, goal.recipient, goal.domain_id, goal.mailbox.alias_id, reply, reason,
                        size};
    recorder_.note(peer_, mail_, of(goal.asked, std::move(fate)));
  }
  for (const ForwardGoal& goal : goals.forwards) {
    if (stored) break;
    Recorder::Fate fate{event, goal.recipient, goal.domain_id, goal.alias_id, reply, reason, size};
    recorder_.note(peer_, mail_, of(goal.asked, std::move(fate)));
  }
  for (const IgnoredGoal& goal : goals.ignored)
    recorder_.note(
        peer_, mail_,
        {stored ? "mx.ignored" : event, goal.recipient, goal.domain_id, "", reply, reason, size});
}

void InboundTransaction::note_forwards(const Forwards& forwards, const smtp::Reply& reply,
                                       std::uint64_t size) {
  for (const Onward& one : forwards.all()) {
    for (const model::ForwardedTo& to : one.forwarded.destinations) {
      const bool failed = to.state == model::RecipientState::kFailed;
      Recorder::Fate fate{failed ? "mx.forward.failed" : "mx.forwarded",
                          one.goal->recipient,
                          one.goal->domain_id,
                          one.goal->alias_id,
                          reply,
                          "",
                          size};
      fate.more = {{"destination", destination_label(to.destination)},
                   {"state", std::string(state_name(to))},
                   {"queue", one.forwarded.id}};
      if (to.attempts > 0) {
        fate.more.push_back({"mx", to.last.mx});
        fate.more.push_back({"remote_code", std::to_string(to.last.code)});
        fate.more.push_back({"remote_status", to.last.status});
        fate.more.push_back({"remote_reply", to.last.response});
      }
      recorder_.note(peer_, mail_, of(one.goal->asked, std::move(fate)));
    }
  }
}

Task<smtp::Reply> InboundTransaction::give_up(Forwards& forwards, const Failure& failure,
                                              smtp::Reply reply, std::uint64_t size) {
  const auto settled = co_await forwards.settle(model::SettleForward::kDrop);
  std::string reason = failure.private_text;
  if (!settled.ok()) reason += "; not settled: " + settled.failure().private_text;
  note_all(refusal_event(reply), reply, reason, size);
  co_return reply;
}

// No machine agrees to anything.
Task<Outcome<void>> InboundTransaction::confirm(const Judged& message) {
  if (message.goals.confirms.empty() || context_.forwarding == nullptr) co_return Outcome<void>{};
  const std::string_view header = format::looked_at_header(message.content);
  const std::string_view why_not =
      message.judgement.is_junk ? "junk" : format::why_automatic(mail_.sender_text(), header);
  for (const ConfirmGoal& goal : message.goals.confirms) {
    Recorder::Fate fate{
        "mx.confirmed", goal.recipient, goal.domain_id, goal.alias_id, {0, "", ""}, "", 0};
    if (!why_not.empty()) {
      fate.event = "mx.confirm.skipped";
      fate.more = {{"why", std::string(why_not)}};
    } else {
      auto confirming = context_.forwarding->confirm_recipient(goal.recipient);
      const auto done = co_await std::move(confirming);
      if (!done.ok() && done.failure().fault != Fault::kDenied) co_return done;
      // Since RCPT the question has lapsed, or its alias has gone.
      if (!done.ok()) fate.event = "mx.confirm.skipped";
      if (!done.ok()) fate.more = {{"why", done.failure().public_text}};
    }
    recorder_.note(peer_, mail_, fate);
  }
  co_return Outcome<void>{};
}

void InboundTransaction::note_refused(const smtp::Reply& reply, const std::string& recipient,
                                      const std::string& domain_id, const std::string& reason,
                                      std::uint64_t size) {
  recorder_.note(peer_, mail_,
                 {refusal_event(reply), recipient, domain_id, "", reply, reason, size});
}

Task<std::optional<smtp::Reply>> InboundTransaction::look_back(const Judged& message) {
  const std::uint64_t size = message.content.size();
  auto looking = look_at_returns(context_, message);
  auto returns = co_await looking;
  if (!returns.ok()) {
    smtp::Reply reply = smtp::reply_to(returns.failure());
    note_all(refusal_event(reply), reply, returns.failure().private_text, size);
    co_return reply;
  }
  std::optional<smtp::Reply> refusal;
  for (ReturnedAs& one : returns.value()) {
    const ReturnGoal& goal = *one.goal;
    if (one.masked) recipients_.put_masked(goal.recipient, std::move(*one.masked));
    if (!one.refusal) continue;
    recipients_.leave_out(goal.recipient);
    refusal = one.refusal;
    note_refused(*refusal, goal.recipient, goal.domain_id, refusal->text, size);
  }
  const Goals& goals = message.goals;
  const bool is_left =
      !goals.mailboxes.empty() || !goals.forwards.empty() || !goals.ignored.empty();
  co_return is_left ? std::nullopt : refusal;
}

Task<smtp::Reply> InboundTransaction::carry(const Judged& message) {
  const std::uint64_t size = message.content.size();
  Forwards forwards(context_, message);
  // Before anything goes out that the whole message's answer would take back.
  const auto room = check_room(message);
  if (!room.ok()) {
    auto giving = give_up(forwards, room.failure(), smtp::reply_to(room.failure()), size);
    co_return co_await giving;
  }
  const auto confirmed = co_await confirm(message);
  if (!confirmed.ok()) {
    auto giving = give_up(forwards, confirmed.failure(), smtp::reply_to(confirmed.failure()), size);
    co_return co_await giving;
  }
  const auto handed = co_await forwards.hand_over();
  if (!handed.ok()) {
    auto giving = give_up(forwards, handed.failure(), reply_to_queue(handed.failure()), size);
    co_return co_await giving;
  }
  if (!message.goals.mailboxes.empty()) {
    const auto stored = co_await store(context_, unsettled_, message);
    if (!stored.ok()) {
      auto giving = give_up(forwards, stored.failure(), smtp::reply_to(stored.failure()), size);
      co_return co_await giving;
    }
  }
  co_await forwards.wait();
  const bool is_elsewhere = message.goals.mailboxes.empty() && message.goals.ignored.empty();
  auto refusal = is_elsewhere ? refusal_of_all(forwards.all()) : std::nullopt;
  if (is_elsewhere && forwards.all().empty()) refusal = reply_to_queue(used_up());
  if (message.goals.mailboxes.empty() && !message.judgement.authenticity.sender_is_proven &&
      is_put_off(forwards.all()))
    refusal = smtp::Reply{451, "4.4.0", "Where it leads cannot take it now, try again later"};
  const smtp::Reply reply = refusal.value_or(smtp::Reply{250, "2.0.0", "Accepted as " + mail_.id});
  const auto settled =
      co_await forwards.settle(refusal ? model::SettleForward::kDrop : model::SettleForward::kKeep);
  note_forwards(forwards, reply, size);
  note_all(refusal ? refusal_event(reply) : "mx.delivered", reply,
           settled.ok() ? "" : "not settled: " + settled.failure().private_text, size);
  if (!refusal) vacations_.consider(message);
  co_return reply;
}

smtp::Reply InboundTransaction::stop(const Gate::Stop& stop, const std::string& recipient,
                                     const std::string& domain_id) {
  Recorder::Fate fate{refusal_event(stop.reply), recipient, domain_id, "", stop.reply, stop.why, 0};
  fate.more = {{"decided_by", std::string(stop.check)}};
  recorder_.note(peer_, mail_, fate);
  return stop.reply;
}

Task<smtp::Reply> InboundTransaction::on_recipient(smtp::Recipient named) {
  const std::string address = named.path.address.text();
  if (const auto full = gate_.on_recipient(peer_)) co_return stop(*full, address, "");
  auto adding = recipients_.add(std::move(named));
  const smtp::Reply reply = co_await adding;
  if (reply.enhanced == "5.1.1") gate_.note_unknown_recipient(peer_);
  if (!reply.accepts()) co_return reply;
  // Whether the sender must come again is the same for all; the goals are of no
  // use then, as no recipient was accepted.
  if (!was_let_in_) {
    was_let_in_ = true;
    auto asking = gate_.on_first_recipient(peer_, mail_, spf_);
    must_wait_ = co_await asking;
  }
  if (must_wait_) co_return stop(*must_wait_, address, recipients_.goals().last_domain_id);
  co_return reply;
}

Task<smtp::Reply> InboundTransaction::on_message(std::string content) {
  const std::string& authserv_id = context_.options.judging.authserv_id;
  const HeaderScan header = scan_header(content, {peer_.host, authserv_id});
  // Threads that look at signatures share it.
  const auto whole = std::make_shared<const std::string>(std::move(content));
  const MessageFacts facts{
      peer_, mail_, context_.options, header, whole, recipients_.goals(), std::move(spf_)};
  auto judging = judge_message(context_, facts);
  const Judgement judgement = co_await judging;
  tell_story(recorder_, peer_, mail_, recipients_.goals(), judgement);
  const std::string sender = mail_.sender_text();
  const bool is_proven = judgement.authenticity.sender_is_proven;
  const std::string print =
      judgement.refusal
          ? std::string()
          : message_print({sender, is_proven ? std::string_view() : peer_.address.ip}, *whole);
  const Judged message{peer_, mail_, header, *whole, judgement, recipients_.goals(), print};
  auto answering = answer(message);
  const smtp::Reply reply = co_await answering;
  // Who is told 4xx brings the same message again.
  if (reply.code < 400 || reply.code >= 500)
    gate_.learn(peer_, mail_, recipients_.goals(), judgement);
  co_return reply;
}

Task<smtp::Reply> InboundTransaction::answer(const Judged& message) {
  if (message.judgement.refusal) {
    const smtp::Reply& reply = *message.judgement.refusal;
    note_all(refusal_event(reply), reply, std::string(message.judgement.decided_by),
             message.content.size());
    co_return reply;
  }
  auto looking = look_back(message);
  if (const auto reply = co_await looking) co_return *reply;
  co_return co_await carry(message);
}

}  // namespace fwd::service
