#ifndef FWD_PROTOCOL_IMAP_FAILURE_REPLY_H
#define FWD_PROTOCOL_IMAP_FAILURE_REPLY_H

// From a Failure to IMAP's words for it: the only place that knows both.

#include "core/outcome.h"
#include "protocol/imap/reply.h"

namespace fwd::imap {

// Response codes are those of RFC 9051 §7.1 and RFC 5530 §3.
Reply failure_reply(const Failure& failure);

// True for faults that are ours and that the operator must hear of.
bool is_internal(Fault fault);

}  // namespace fwd::imap

#endif
