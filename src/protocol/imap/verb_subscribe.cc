// SUBSCRIBE: a name joins those that LSUB shows; its folder need not exist.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.7
Task<Reply> verb_subscribe(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  if (!in.space() || !in.mailbox(path) || !in.end()) co_return Reply::bad(in.error());
  auto doing = session.mailbox().subscribe(std::move(path), true);
  const auto done = co_await doing;
  if (!done.ok()) co_return session.failed(done.failure(), "subscribe");
  co_return Reply::ok("SUBSCRIBE completed");
}

}  // namespace fwd::imap
