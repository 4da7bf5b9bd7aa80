// CLOSE: expunges without a word and leaves the folder.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.4.1.  Only what this client knows of is removed.
Task<Reply> verb_close(Session& session, Command& command) {
  if (!command.arguments.end()) co_return Reply::bad(command.arguments.error());
  const SelectedFolder& folder = session.selected();
  if (!folder.read_only() && folder.count() > 0) {
    auto expunging = session.mailbox().expunge(folder.id(), folder.known());
    const auto gone = co_await expunging;
    if (!gone.ok()) co_return session.failed(gone.failure(), "close");
  }
  session.unselect();
  co_return Reply::ok("CLOSE completed");
}

}  // namespace fwd::imap
