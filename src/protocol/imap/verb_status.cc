// STATUS: counts of a folder that is not opened for it.
#include "protocol/imap/session.h"
#include "protocol/imap/status_items.h"

namespace fwd::imap {

// status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
// RFC 9051 §6.3.11
Task<Reply> verb_status(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  std::vector<StatusItem> items;
  if (!in.space() || !in.mailbox(path) || !in.space() || !parse_status_items(in, items) ||
      !in.end())
    co_return Reply::bad(in.error());
  if (asks_modseq(items)) session.enable_condstore();
  auto looking = session.mailbox().get_folder(path);
  const auto folder = co_await looking;
  if (!folder.ok()) co_return session.failed(folder.failure(), "status");
  if (!folder.value().selectable)
    co_return Reply::no("It holds no messages, only other mailboxes", "NONEXISTENT");
  tell_status(session.out(), session.limits(), folder.value(), items);
  co_return Reply::ok("STATUS completed");
}

}  // namespace fwd::imap
