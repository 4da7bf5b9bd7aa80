#ifndef FWD_SERVICE_INBOUND_AUTHENTICITY_H
#define FWD_SERVICE_INBOUND_AUTHENTICITY_H

// Who vouches for a message, in the words of others: Authentication-Results,
// and the objects that webhooks know from npm's mailauth.

#include <vector>

#include "mailauth/results/authentication_results.h"
#include "service/inbound/checks.h"
#include "service/inbound/evidence.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

// In the order of the checks; empty when nobody was asked.
std::vector<mailauth::MethodResult> method_results(const MessageFacts& facts,
                                                   const Evidence& evidence);

Authenticity authenticity_of(const MessageFacts& facts, const Evidence& evidence);

// {"dkim": …, "spf": …, "dmarc": …, "arc": …}; "" when nobody was asked.
std::string webhook_json(const MessageFacts& facts, const Evidence& evidence);

}  // namespace fwd::service

#endif
