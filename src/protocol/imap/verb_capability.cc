// CAPABILITY: what the server can do at this moment.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.1.1
Task<Reply> verb_capability(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  session.out().untagged("CAPABILITY " + session.capabilities());
  co_return Reply::ok("CAPABILITY completed");
}

}  // namespace fwd::imap
