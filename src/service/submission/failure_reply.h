#ifndef FWD_SERVICE_SUBMISSION_FAILURE_REPLY_H
#define FWD_SERVICE_SUBMISSION_FAILURE_REPLY_H

// What a sender is told when the door does not take a message: the faults of
// model/submission.h in SMTP's words.

#include "core/outcome.h"
#include "protocol/smtp/reply.h"

namespace fwd::submission {

// Public texts are told; our own trouble, and a refusal that has no public
// text, is never a permanent answer.
smtp::Reply submit_reply(const Failure& failure);

}  // namespace fwd::submission

#endif
