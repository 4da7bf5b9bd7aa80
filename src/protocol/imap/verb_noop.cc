// NOOP: nothing but the chance to hear news.
#include <optional>
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.1.2
Task<Reply> verb_noop(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  auto waiting = session.await_notices();
  std::optional<Reply> failed = co_await waiting;
  if (failed) co_return std::move(*failed);
  co_return Reply::ok("NOOP completed");
}

}  // namespace fwd::imap
