// UNSELECT: leaves the folder and expunges nothing.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.4.2, RFC 3691 §2
Task<Reply> verb_unselect(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  session.unselect();
  co_return Reply::ok("UNSELECT completed");
}

}  // namespace fwd::imap
