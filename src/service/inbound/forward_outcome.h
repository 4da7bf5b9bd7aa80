#ifndef FWD_SERVICE_INBOUND_FORWARD_OUTCOME_H
#define FWD_SERVICE_INBOUND_FORWARD_OUTCOME_H

// What destinations' words mean for the sender.  He knows the recipients that he
// wrote and never learns where they lead.

#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/forwarding.h"
#include "protocol/smtp/reply.h"
#include "service/inbound/forwarding.h"

namespace fwd::service {

// The answer when every destination of all goals has failed for good: the
// lowest code of all, in our own words.  Nothing when one has it or may yet.
std::optional<smtp::Reply> refusal_of_all(const std::vector<Onward>& forwards);

// Somebody may take it yet, though nobody has: each was tried and has refused or
// put it off, or an earlier message of the same print waits for it.
bool is_put_off(const std::vector<Onward>& forwards);

// `status` as one of that class (RFC 3463 §2), ".0.0" of it when it is none.
std::string status_of_class(char status_class, const std::string& status);

// The answer when the queue could not take a message.
smtp::Reply reply_to_queue(const Failure& failure);

// How log and journal name a destination: the domain's people know it.
std::string destination_label(const model::Destination& destination);

}  // namespace fwd::service

#endif
