// NOOP: a sign of life (RFC 5321 §4.1.1.9).
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

Task<void> run_noop(Conversation& c, Command) {
  c.say({250, "2.0.0", "Ok"});
  co_return;
}

}  // namespace fwd::smtp
