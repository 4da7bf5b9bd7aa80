// LOGOUT: the polite end.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.1.3: BYE before the tagged OK.
Task<Reply> verb_logout(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  session.unselect();
  session.say_bye("Good-bye", "", "logout");
  co_return Reply::ok("LOGOUT completed");
}

}  // namespace fwd::imap
