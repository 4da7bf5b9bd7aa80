// VRFY and EXPN: we tell nobody who lives here (RFC 5321 §3.5.3, §7.3).
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

// vrfy = "VRFY" SP String CRLF
Refusal check_vrfy(const Conversation&, std::string_view arguments, Command&) {
  if (!arguments.empty()) return std::nullopt;
  return Reply{501, "5.5.4", "VRFY address"};
}

Task<void> run_vrfy(Conversation& c, Command) {
  c.say({252, "2.5.2", "Cannot verify, but try RCPT"});
  co_return;
}

Task<void> run_expn(Conversation& c, Command) {
  c.say({502, "5.5.1", "Not done here"});
  co_return;
}

}  // namespace fwd::smtp
