// What verbs need of the conversation: saying, waiting, resetting, and the
// end of a message.
#include "protocol/smtp/conversation.h"

#include <algorithm>
#include <utility>

namespace fwd::smtp {
namespace {

// Why content must not be handed on, if so.  A peer whose text breaks the rule
// of lines may be smuggling: it gets no further word in (RFC 5321 §2.3.8).
std::optional<Reply> refuse_content(const ContentBuffer& content, ContentFault fault) {
  switch (fault) {
    case ContentFault::kBareLf:
      return Reply{550, "5.6.0", "Bare LF in the message, lines end with CRLF", true};
    case ContentFault::kBareCr:
      return Reply{550, "5.6.0", "Bare CR in the message, lines end with CRLF", true};
    case ContentFault::kNul:
      return Reply{550, "5.6.0", "NUL in the message", true};
    case ContentFault::kLongLine:
      return Reply{550, "5.6.0", "A line of the message is far too long", true};
    case ContentFault::kNone:
      break;
  }
  if (content.over_limit()) return Reply{552, "5.3.4", "Message too big for this system"};
  if (content.out_of_memory())
    return Reply{452, "4.3.1", "No memory for a message now, try again later"};
  return std::nullopt;
}

}  // namespace

Conversation::Conversation(Stream& the_stream, const SessionContext& the_context)
    : stream(the_stream),
      context(the_context),
      reader(the_stream, the_context.clock, the_context.limits.idle),
      began(the_context.clock.now()),
      deadline(began + the_context.limits.session) {
  peer.session = context.new_id();
  peer.address = stream.peer();
  peer.host = context.host;
  peer.tls = &stream.tls();
  if (offers().login) deadline = std::min(deadline, began + context.limits.login);
}

void Conversation::say(const Reply& reply) {
  out += to_wire(reply);
  if (reply.close) ended = true;
  if (reply.code < 500 || ended || ++errors < context.limits.errors) return;
  after = "too-many-errors";
  out += to_wire({421, "4.7.0", context.host + " Too many errors"});
  ended = true;
}

Task<bool> Conversation::flush() {
  if (lost || out.empty()) co_return !lost;
  const std::string sending = std::exchange(out, {});
  auto writing = stream.write(sending);
  const Instant patience = context.clock.now() + context.limits.idle;
  const auto done = co_await before(context.clock, patience, std::move(writing));
  if (done && done->ok()) co_return true;
  after = done ? "peer-gone" : "peer-deaf";
  lost = ended = true;
  co_return false;
}

void Conversation::let_in() {
  peer.logged_in = true;
  deadline = began + context.limits.session;
}

void Conversation::set_patience() {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - context.clock.now());
  reader.set_idle(std::clamp(left, std::chrono::milliseconds(0), context.limits.idle));
}

void Conversation::give_up(const Failure& failure) {
  ended = true;
  if (failure.fault != Fault::kTimeout) {
    after = "peer-gone";
    lost = true;
    return;
  }
  after = out_of_time() ? "session-too-long" : "silence";
  const char* text = out_of_time() ? " Session too long" : " Silent for too long";
  say({421, "4.4.2", context.host + text, true});  // RFC 5321 §4.5.3.2.7
}

Task<bool> Conversation::wait_input() {
  if (!reader.buffered().empty()) co_return true;
  const bool heard = co_await flush();
  if (!heard) co_return false;
  set_patience();
  const auto more = co_await reader.fill();
  if (!more.ok()) {
    give_up(more.failure());
    co_return false;
  }
  if (!more.value()) {  // the content will never be whole: it was never sent
    after = "half-a-message";
    ended = true;
  }
  co_return more.value();
}

void Conversation::reset() {
  exchange.reset();
  if (stage != kGreeted) stage = kReady;
}

Task<void> Conversation::finish_message(ContentBuffer& content, ContentFault fault) {
  const auto refusal = refuse_content(content, fault);
  if (refusal) {
    reset();
    say(*refusal);
    co_return;
  }
  const Reply reply = co_await exchange->transaction->on_message(content.take());
  if (reply.accepts()) ++delivered;
  reset();
  say(reply);
}

}  // namespace fwd::smtp
