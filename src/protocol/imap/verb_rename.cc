// RENAME: a folder and its children.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.6
Task<Reply> verb_rename(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string from;
  std::string to;
  if (!in.space() || !in.mailbox(from) || !in.space() || !in.mailbox(to) || !in.end())
    co_return Reply::bad(in.error());
  if (to.size() > 1 && to.back() == '/') to.pop_back();
  auto renaming = session.mailbox().rename_folder(from, to);
  const auto done = co_await renaming;
  if (!done.ok()) co_return session.failed(done.failure(), "rename");
  if (session.has_selected()) session.selected().renamed(from, to);
  co_return Reply::ok("RENAME completed");
}

}  // namespace fwd::imap
