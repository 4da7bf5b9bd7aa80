// COPY and UID COPY: messages into another folder.
#include <utility>

#include "protocol/imap/copy_arguments.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.4.7
Task<Reply> verb_copy(Session& session, Command& command) {
  CopyArguments wanted;
  if (!parse_copy(command, session.selected(), wanted))
    co_return Reply::bad(command.arguments.error());
  if (wanted.uids.empty()) co_return Reply::ok("Nothing to copy");
  auto copying =
      session.mailbox().copy(session.selected().id(), std::move(wanted.uids), wanted.target);
  const auto copied = co_await copying;
  if (!copied.ok()) {
    Reply reply = session.failed(copied.failure(), "copy");
    if (copied.failure().fault == Fault::kNotFound) reply.code = "TRYCREATE";
    co_return reply;
  }
  session.tell_filed(wanted.target, copied.value());
  co_return Reply::ok("COPY completed", copyuid_code(copied.value()));
}

}  // namespace fwd::imap
