// QUIT: the polite end (RFC 5321 §4.1.1.10).
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

Task<void> run_quit(Conversation& c, Command) {
  c.reset();
  c.say({221, "2.0.0", c.context.host + " Bye", true});
  co_return;
}

}  // namespace fwd::smtp
