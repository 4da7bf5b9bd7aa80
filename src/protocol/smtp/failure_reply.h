#ifndef FWD_PROTOCOL_SMTP_FAILURE_REPLY_H
#define FWD_PROTOCOL_SMTP_FAILURE_REPLY_H

// From a fault of ours to SMTP's words, in one place.

#include "core/outcome.h"
#include "protocol/smtp/reply.h"

namespace fwd::smtp {

// Never a permanent answer for what is our own trouble: only kOverLimit, which
// no retry can mend, becomes 5xx.  The private text stays private.
Reply reply_to(const Failure& failure);

// Why AUTH failed (RFC 4954 §6): 535 when it is the client's to mend, 454 when
// time will.  Public texts are told.
Reply login_reply(const Failure& failure);

}  // namespace fwd::smtp

#endif
