// RSET: drops the transaction (RFC 5321 §4.1.1.5), also between two BDATs
// (RFC 3030 §2).
#include "protocol/smtp/conversation.h"
#include "protocol/smtp/verbs.h"

namespace fwd::smtp {

Task<void> run_rset(Conversation& c, Command) {
  c.reset();
  c.say({250, "2.0.0", "Ok"});
  co_return;
}

}  // namespace fwd::smtp
