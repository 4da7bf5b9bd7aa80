// AUTH: who the client is (RFC 4954 §4).
#include <utility>

#include "core/text.h"
#include "core/wipe.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/failure_reply.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {
namespace {

// What the client answered to a challenge, or why there is no use in it.
struct Answer {
  std::string text;
  Refusal refusal;
  bool gone = false;  // the session is over
};

// RFC 4954 §4: 334 and base64, longer than other replies may be.
Task<Answer> ask(Conversation& c, std::string challenge) {
  c.out += "334 " + challenge + "\r\n";
  Answer answer;
  auto reading = c.next_line(sasl::kLineLimit);
  auto line = co_await reading;
  if (!line) {
    answer.gone = true;
  } else if (line->end == LineEnd::kTooLong) {
    answer.refusal = {500, "5.5.6", "Authentication exchange line is too long"};
  } else if (line->end != LineEnd::kWhole) {
    answer.refusal = {501, "5.5.2", "Bare CR or bare LF in a line"};
  } else {
    answer.text = std::move(line->text);
    wipe(line->text);
  }
  co_return answer;
}

Reply refusal_of(const sasl::Step& step) {
  switch (step.problem) {
    case sasl::Problem::kCancelled:
      return {501, "5.7.0", "Cancelled"};
    case sasl::Problem::kNotBase64:
      return {501, "5.5.2", "That is not base64"};
    case sasl::Problem::kBadMessage:
      return {501, "5.5.2", "That is not a message of this mechanism"};
    case sasl::Problem::kForAnother:
      return {535, "5.7.8", "Nobody may act for another"};
    case sasl::Problem::kBadBinding:
      return {535, "5.7.8", "That channel binding does not fit"};
    case sasl::Problem::kKeeper:
      break;
  }
  return login_reply(step.failure);
}

void conclude(Conversation& c, const sasl::Exchange& exchange, const sasl::Step& step) {
  const auto mechanism = sasl::mechanism_name(exchange.mechanism());
  if (step.kind == sasl::Step::Kind::kDone) {
    c.let_in();
    c.context.policy.on_login(c.peer, mechanism, nullptr);
    c.say({235, "2.7.0", "Logged in"});
    return;
  }
  Reply reply = refusal_of(step);
  if (step.problem == sasl::Problem::kKeeper)
    c.context.policy.on_login(c.peer, mechanism, &step.failure);
  if (reply.code == 535 && ++c.wrong_logins >= c.context.limits.wrong_logins) {
    c.after = "too-many-wrong-logins";
    reply.close = true;
  }
  c.say(reply);
}

}  // namespace

// "AUTH" SP sasl-mech [SP (initial-response / "=")] *(CRLF [base64]) CRLF
Refusal check_auth(const Conversation& c, std::string_view arguments, Command& command) {
  if (c.peer.logged_in) return Reply{503, "5.5.1", "You are logged in"};
  if (!c.peer.extended) return Reply{503, "5.5.1", "EHLO first"};
  if (arguments.empty()) return Reply{501, "5.5.4", "AUTH mechanism"};
  if (!c.stream.tls().active)
    return Reply{538, "5.7.11", "Not without TLS: a password would be shown to everybody"};
  const auto space = arguments.find(' ');
  const auto mechanism = sasl::find_mechanism(arguments.substr(0, space));
  const bool unusable =
      mechanism == sasl::Mechanism::kScramSha256Plus && !sasl::has_channel_binding(c.stream.tls());
  if (!mechanism || unusable) return Reply{504, "5.5.4", "Mechanism not known"};
  command.mechanism = mechanism;
  if (space != arguments.npos) command.initial = std::string(arguments.substr(space + 1));
  return std::nullopt;
}

Task<void> run_auth(Conversation& c, Command command) {
  sasl::Exchange exchange(*command.mechanism, *c.context.policy.keeper(c.peer), c.stream.tls());
  auto beginning = exchange.begin(std::move(command.initial));
  if (command.initial) wipe(*command.initial);
  sasl::Step step = co_await beginning;
  while (step.kind == sasl::Step::Kind::kAsk) {
    auto asking = ask(c, std::move(step.challenge));
    Answer answer = co_await asking;
    if (answer.gone) co_return;
    if (answer.refusal) {
      c.say(*answer.refusal);
      co_return;
    }
    auto answering = exchange.answer(std::move(answer.text));
    wipe(answer.text);
    step = co_await answering;
  }
  conclude(c, exchange, step);
}

}  // namespace fwd::smtp
