// HELP: the verbs (RFC 5321 §4.1.1.8).
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

Task<void> run_help(Conversation& c, Command) {
  const std::string auth = c.offers().login ? " AUTH" : "";
  c.say({214, "2.0.0",
         "EHLO HELO STARTTLS" + auth + " MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP"});
  co_return;
}

}  // namespace fwd::smtp
