// STARTTLS: the conversation begins anew inside TLS (RFC 3207 §4).
#include <utility>

#include "core/first_of.h"
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

}  // namespace

Refusal check_starttls(const Conversation& c, std::string_view arguments, Command&) {
  if (!arguments.empty()) return Reply{501, "5.5.4", "Takes no argument"};
  if (c.stream.tls().active) return Reply{503, "5.5.1", "TLS is active already"};
  if (!c.stream.may_start_tls()) return Reply{454, "4.7.0", "TLS not available"};
  return std::nullopt;
}

Task<void> run_starttls(Conversation& c, Command) {
  c.say({220, "2.0.0", "Go ahead"});
  const bool heard = co_await c.flush();
  if (!heard) co_return;
  // RFC 3207 §4.2: nothing said in clear text may count for anything inside.
  c.reader.discard();
  c.reset();
  c.peer.helo.clear();
  c.peer.extended = false;
  c.stage = kGreeted;
  auto shaking = c.stream.start_tls();
  auto waiting = c.context.clock.sleep(c.context.limits.idle);
  auto stopping = wait_for(c.context.stop);
  const auto won = co_await first_of(std::move(shaking), std::move(waiting), std::move(stopping));
  if (won.index() != 0 || !std::get<0>(won).ok()) {
    c.after = won.index() == 2 ? "shutdown" : "starttls-failed";
    c.ended = c.lost = true;
  }
}

}  // namespace fwd::smtp
