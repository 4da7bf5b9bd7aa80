// NAMESPACE: one personal namespace, no others.
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.10, RFC 2342 §5
Task<Reply> verb_namespace(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  session.out().untagged("NAMESPACE ((\"\" \"/\")) NIL NIL");
  co_return Reply::ok("NAMESPACE completed");
}

}  // namespace fwd::imap
