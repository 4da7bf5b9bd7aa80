#ifndef FWD_SERVICE_INBOUND_DMARC_STORY_H
#define FWD_SERVICE_INBOUND_DMARC_STORY_H

// What is kept of a message for DMARC's aggregate reports.

#include <optional>

#include "model/journal.h"
#include "service/inbound/checks.h"
#include "service/inbound/evidence.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

// The entry, but for time and people; `evidence` has a DMARC result.
model::JournalEntry dmarc_story(const MessageFacts& facts, const Evidence& evidence);

}  // namespace fwd::service

#endif
