// NOOP: nothing but the chance to hear news.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.1.2
Task<Reply> verb_noop(Session&, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  co_return Reply::ok("NOOP completed");
}

}  // namespace fwd::imap
