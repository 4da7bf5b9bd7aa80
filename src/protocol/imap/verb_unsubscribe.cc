// UNSUBSCRIBE: a name leaves those that LSUB shows.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.8
Task<Reply> verb_unsubscribe(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  if (!in.space() || !in.mailbox(path) || !in.end()) co_return Reply::bad(in.error());
  auto doing = session.mailbox().subscribe(std::move(path), false);
  const auto done = co_await doing;
  if (!done.ok()) co_return session.failed(done.failure(), "unsubscribe");
  co_return Reply::ok("UNSUBSCRIBE completed");
}

}  // namespace fwd::imap
