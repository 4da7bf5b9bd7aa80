// Decides on answers for people who are away, and sends them.
#include "service/inbound/vacation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/address.h"
#include "format/automatic_mail.h"
#include "format/encoded_words.h"
#include "format/header_lines.h"
#include "format/part_text.h"
#include "service/inbound/vacation_message.h"

namespace fwd::service {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kMostSubject = 300;  // octets of the other's subject

// State is no list of who writes to whom.
std::string key_of(std::string_view kind, const std::string& alias, const std::string& address) {
  const std::string who = crypto::sha256(alias + '\n' + to_lower(address));
  return "vacation-" + std::string(kind) + ':' + to_hex(who).substr(0, 32);
}

// The reply is not in the queue, for sure.
bool is_certain(Fault fault) {
  return fault != Fault::kUnavailable && fault != Fault::kClosed && fault != Fault::kTimeout;
}

}  // namespace

Vacations::Vacations(const InboundContext& context, Recorder& recorder)
    : context_(context),
      recorder_(recorder),
      answering_([&log = context.log](const std::string& name, const std::string& what) {
        log.error("mx.vacation.failed", {{"task", name}, {"what", what}});
      }) {}

void Vacations::skip(const smtp::Peer& peer, const smtp::Mail& mail, const VacationGoal& goal,
                     std::string reason) {
  Recorder::Fate fate{
      "mx.vacation.skipped", goal.recipient, goal.domain_id, goal.alias_id, {0, "", ""}, "", 0};
  fate.more = {{"why", std::move(reason)}};
  fate.level = LogLevel::kDebug;
  recorder_.note(peer, mail, fate);
}

std::string_view Vacations::why_not(const Judged& message, std::string_view header,
                                    std::string_view author) const {
  if (message.judgement.is_junk) return "junk";
  const std::string_view automatic = format::why_automatic(message.mail.sender_text(), header);
  if (!automatic.empty()) return automatic;
  // Who forges a From would have us write to whom they like.
  if (!message.judgement.authenticity.author_is_proven || author.empty())
    return "nobody vouches for the author";
  if (answering_.size() >= context_.options.replies) return "too many answers under way";
  return "";
}

void Vacations::consider(const Judged& message) {
  const std::vector<VacationGoal>& goals = message.goals.vacations;
  if (goals.empty() || context_.forwarding == nullptr) return;
  const std::string_view header = format::looked_at_header(message.content);
  Question question;
  question.peer.session = message.peer.session;
  question.peer.address = message.peer.address;
  question.mail = message.mail;
  question.author = format::find_author(header);
  question.subject = format::decode_header_text(format::find_field(header, "Subject").value_or(""));
  format::cut_utf8(question.subject, kMostSubject);
  question.message_id = find_message_id(header);
  question.references = references_for(header);
  for (const VacationGoal& goal : goals) {
    const std::string_view why = why_not(message, header, question.author);
    if (!why.empty()) {
      skip(message.peer, message.mail, goal, std::string(why));
      continue;
    }
    question.goal = goal;
    question.is_written_to =
        format::is_written_to(header, goal.recipient.substr(goal.recipient.rfind('@') + 1));
    answering_.spawn("vacation", answer(*this, question));
  }
}

Task<void> Vacations::answer(Vacations& vacations, Question question) {
  const auto done = co_await vacations.try_to_answer(question);
  if (!done.ok() && done.failure().fault != Fault::kNotFound) {
    const Failure& failure = done.failure();
    vacations.context_.log.warning(
        "mx.vacation.failed",
        {{"message", question.mail.id},
         {"fault", fault_name(failure.fault)},
         {"what", failure.private_text.empty() ? failure.public_text : failure.private_text}});
  } else if (!done.ok()) {
    vacations.skip(question.peer, question.mail, question.goal, "nobody is away");
  } else if (!done.value().empty()) {
    vacations.skip(question.peer, question.mail, question.goal, done.value());
  }
}

Task<Outcome<std::string>> Vacations::find_reached_cap(const Question& question) {
  struct Cap {
    std::string key, name;
    std::size_t most;
  };
  const InboundOptions& options = context_.options;
  const std::vector<Cap> caps{
      {key_of("alias", question.goal.alias_id, ""), "smtp.vacation-per-alias",
       options.vacation_per_alias},
      {key_of("to", "", question.author), "smtp.vacation-per-sender", options.vacation_per_sender}};
  for (const Cap& cap : caps) {
    auto counted = co_await context_.state.add(cap.key, 1, kDay);
    if (!counted.ok()) co_return counted.failure();
    if (counted.value().value > cap.most) co_return cap.name;
  }
  co_return std::string();
}

// Why there is no answer, "" when there is one.
Task<Outcome<std::string>> Vacations::try_to_answer(const Question& question) {
  if (!question.is_written_to) co_return std::string("not in To or Cc");
  auto found = co_await context_.forwarding->get_vacation(question.goal.alias_id);
  if (!found.ok()) co_return found.failure();
  if (format::is_same_person(question.author, found.value().address))
    co_return std::string("written by oneself");
  const std::string mark = key_of("told", question.goal.alias_id, question.author);
  const auto first =
      co_await context_.state.set_if_absent(mark, "1", context_.options.vacation_repeat);
  if (!first.ok()) co_return first.failure();
  if (!first.value()) co_return std::string("answered already");
  auto reached = co_await find_reached_cap(question);
  if (!reached.ok() || !reached.value().empty()) {
    co_await context_.state.remove(mark);
    co_return reached;
  }
  auto sent = co_await send(question, std::move(found.value()));
  // Where the answer may be on its way all the same the mark stays.
  if (!sent.ok() && is_certain(sent.failure().fault)) co_await context_.state.remove(mark);
  co_return sent;
}

Task<Outcome<std::string>> Vacations::send(const Question& question, model::Vacation vacation) {
  model::NewReply reply;
  reply.alias_id = question.goal.alias_id;
  reply.domain_id = question.goal.domain_id;
  reply.message =
      write_vacation({question.author, question.subject, question.message_id, question.references},
                     vacation, context_.clock.wall());
  const std::string id = reply.message.id;
  auto sent = co_await context_.forwarding->send_reply(std::move(reply));
  if (!sent.ok()) {
    // Not "nobody is away".
    Failure failure = sent.failure();
    if (failure.fault == Fault::kNotFound) failure.fault = Fault::kCannot;
    co_return failure;
  }
  Recorder::Fate fate{"mx.vacation.sent",
                      question.goal.recipient,
                      question.goal.domain_id,
                      question.goal.alias_id,
                      {0, "", ""},
                      "",
                      0};
  fate.more = {{"author", question.author}, {"queue", sent.value()}};
  recorder_.note(question.peer, question.mail, fate);
  co_return std::string();
}

}  // namespace fwd::service
