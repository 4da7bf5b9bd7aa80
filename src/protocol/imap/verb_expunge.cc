// EXPUNGE and UID EXPUNGE: removes what is flagged \Deleted.
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.4.3; UID EXPUNGE: RFC 4315 §2.1
Task<Reply> verb_expunge(Session& session, Command& command) {
  Parser& in = command.arguments;
  SelectedFolder& folder = session.selected();
  model::UidSet uids = folder.known();
  if (command.by_uid) {
    SequenceSet set;
    if (!in.space() || !in.sequence_set(set)) co_return Reply::bad(in.error());
    folder.resolve(set, true, uids);
  }
  if (!in.end()) co_return Reply::bad(in.error());
  if (folder.read_only()) co_return Reply::no("The mailbox was opened read-only", "NOPERM");
  if (uids.empty()) co_return Reply::ok("EXPUNGE completed");
  auto expunging = session.mailbox().expunge(folder.id(), std::move(uids));
  const auto gone = co_await expunging;
  if (!gone.ok()) co_return session.failed(gone.failure(), "expunge");
  folder.removed(gone.value());
  session.tell_gone();
  if (!session.enabled().condstore || gone.value().empty())
    co_return Reply::ok("EXPUNGE completed");
  // RFC 7162 §3.2.7: the client learns the modseq of the expunge; so all
  // before it must have been told.
  folder.dirty = true;
  if (!co_await session.tell_news(true)) co_return Reply::nothing();
  co_return Reply::ok("EXPUNGE completed", "HIGHESTMODSEQ " + std::to_string(folder.modseq()));
}

}  // namespace fwd::imap
