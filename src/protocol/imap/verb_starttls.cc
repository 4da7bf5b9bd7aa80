// STARTTLS: the same conversation, from here on encrypted.
#include <utility>

#include "core/first_of.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

}  // namespace

// RFC 9051 §6.2.1: whatever was sent in the clear behind it is forgotten.
Task<Reply> verb_starttls(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  if (!session.stream().may_start_tls()) co_return Reply::bad("TLS is not to be had here");
  session.out().reply(command.tag, Reply::ok("Begin TLS now"));
  if (!co_await session.out().flush()) co_return Reply::nothing();
  session.lines().discard();
  auto shaking = session.stream().start_tls();
  auto stopping = wait_for(session.stop_event());
  const auto won = co_await first_of(std::move(shaking), std::move(stopping));
  if (won.index() == 1 || !std::get<0>(won).ok()) {
    session.out().break_off();
    session.log_out(won.index() == 1 ? "stopped" : "tls-failed");
  }
  co_return Reply::nothing();
}

}  // namespace fwd::imap
