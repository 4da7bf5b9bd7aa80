// DELETE: a folder and its messages.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.5
Task<Reply> verb_delete(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  if (!in.space() || !in.mailbox(path) || !in.end()) co_return Reply::bad(in.error());
  bool own = false;
  if (session.has_selected()) {  // it may have been renamed since
    auto looking = session.mailbox().get_folder(path);
    const auto folder = co_await looking;
    own = folder.ok() && folder.value().id == session.selected().id();
  }
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
