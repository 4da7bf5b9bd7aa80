// IDLE: hears of news the moment they come.
#include <utility>

#include "core/text.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

Reply done_or_bad(const Line& line) {
  if (line.end == LineEnd::kWhole && same_word(line.text, "DONE"))
    return Reply::ok("IDLE completed");
  return Reply::bad("Expected DONE");
}

}  // namespace

// RFC 9051 §6.3.13, RFC 2177 §3
Task<Reply> verb_idle(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  session.out().raw("+ Idling");
  session.out().end();
  session.lines().set_idle(session.limits().idle);
  const Instant deadline = session.clock().now() + session.limits().idle;
  for (;;) {
    if (session.has_selected() && !co_await session.tell_news(true)) co_return Reply::nothing();
    if (!co_await session.out().flush()) co_return Reply::nothing();
    auto reading = session.lines().read_line(64);
    auto noticing = session.mailbox().next_notice();
    auto stopping = wait_for(session.stop_event());
    auto too_long = session.clock().sleep_until(deadline);
    const auto won = co_await first_of(std::move(reading), std::move(noticing), std::move(stopping),
                                       std::move(too_long));
    if (won.index() == 1) {
      if (!session.take_notice(std::get<1>(won))) co_return Reply::nothing();
      continue;
    }
    if (won.index() == 2) {
      session.end_by(ReadCommand::Kind::kStopped);
      co_return Reply::nothing();
    }
    const Outcome<Line>* line = std::get_if<0>(&won);
    if (line != nullptr && line->ok() && line->value().end != LineEnd::kEndOfInput)
      co_return done_or_bad(line->value());
    const bool silent =
        line == nullptr || (!line->ok() && line->failure().fault == Fault::kTimeout);
    session.end_by(silent ? ReadCommand::Kind::kSilent : ReadCommand::Kind::kGone);
    co_return Reply::nothing();
  }
}

}  // namespace fwd::imap
