// NOOP: the client asks for news.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.1.2
Task<Reply> verb_noop(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  // A notice may still be on its way: who asks hears of all that was answered
  // to anybody before.
  if (session.has_selected()) session.selected().dirty = true;
  co_return Reply::ok("NOOP completed");
}

}  // namespace fwd::imap
