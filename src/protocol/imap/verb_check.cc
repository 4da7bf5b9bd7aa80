// CHECK: kept for IMAP4rev1; everything is durable anyway.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 3501 §6.4.1
Task<Reply> verb_check(Session&, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  co_return Reply::ok("CHECK completed");
}

}  // namespace fwd::imap
