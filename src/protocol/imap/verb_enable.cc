// ENABLE: what the client is ready for.
#include <string>

#include "core/text.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

// RFC 9051 §6.3.1, RFC 5161 §3.1.  What we do not know is passed over.
Task<Reply> verb_enable(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string done;
  do {
    std::string name;
    if (!in.space() || !in.atom(name)) co_return Reply::bad(in.error());
    if (same_word(name, "CONDSTORE")) {
      session.enable_condstore();
    } else if (same_word(name, "QRESYNC")) {
      session.enable_qresync();
    } else if (same_word(name, "UTF8=ACCEPT")) {
      session.enable_utf8_accept();
    } else if (same_word(name, "IMAP4rev2")) {
      session.enable_rev2();
    } else {
      continue;
    }
    done += ' ' + name;
  } while (!in.at_end());
  session.out().untagged("ENABLED" + done);
  co_return Reply::ok("ENABLE completed");
}

}  // namespace fwd::imap
