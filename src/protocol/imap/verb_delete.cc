// DELETE: a folder and its messages.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.5
Task<Reply> verb_delete(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  if (!in.space() || !in.mailbox(path) || !in.end()) co_return Reply::bad(in.error());
  const bool own = session.has_selected() && session.selected().path() == path;
  auto deleting = session.mailbox().delete_folder(std::move(path));
  const auto done = co_await deleting;
  if (!done.ok()) co_return session.failed(done.failure(), "delete");
  if (own) {
    session.unselect();
    session.out().untagged("OK [CLOSED] The selected mailbox is gone");
  }
  co_return Reply::ok("DELETE completed");
}

}  // namespace fwd::imap
