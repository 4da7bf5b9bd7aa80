// CHECK: kept for IMAP4rev1; everything is durable anyway.
#include <optional>
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 3501 §6.4.1
Task<Reply> verb_check(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  auto waiting = session.await_notices();
  std::optional<Reply> failed = co_await waiting;
  if (failed) co_return std::move(*failed);
  co_return Reply::ok("CHECK completed");
}

}  // namespace fwd::imap
