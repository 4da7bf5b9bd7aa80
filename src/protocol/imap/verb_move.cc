// MOVE and UID MOVE: messages into another folder and out of this one.
#include <utility>

#include "protocol/imap/copy_arguments.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.4.8, RFC 6851 §3
Task<Reply> verb_move(Session& session, Command& command) {
  CopyArguments wanted;
  SelectedFolder& folder = session.selected();
  if (!parse_copy(command, folder, wanted)) co_return Reply::bad(command.arguments.error());
  if (folder.read_only()) co_return Reply::no("The mailbox was opened read-only", "NOPERM");
  if (wanted.uids.empty()) co_return Reply::ok("Nothing to move");
  auto moving = session.mailbox().move(folder.id(), std::move(wanted.uids), wanted.target);
  const auto moved = co_await moving;
  if (!moved.ok()) {
    Reply reply = session.failed(moved.failure(), "move");
    if (moved.failure().fault == Fault::kNotFound) reply.code = "TRYCREATE";
    co_return reply;
  }
  session.tell_filed(wanted.target, moved.value());
  // RFC 6851 §4.3: COPYUID comes untagged, before the expunges.
  const std::string code = copyuid_code(moved.value());
  if (!code.empty()) session.out().untagged("OK [" + code + "] Moved");
  model::UidSet gone;
  for (const auto& [from, to] : moved.value().uids) gone.add(from);
  folder.removed(gone);
  session.tell_gone();
  if (!session.enabled().condstore || gone.empty()) co_return Reply::ok("MOVE completed");
  folder.dirty = true;
  if (!co_await session.tell_news(true)) co_return Reply::nothing();
  co_return Reply::ok("MOVE completed", "HIGHESTMODSEQ " + std::to_string(folder.modseq()));
}

}  // namespace fwd::imap
