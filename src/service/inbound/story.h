#ifndef FWD_SERVICE_INBOUND_STORY_H
#define FWD_SERVICE_INBOUND_STORY_H

// Tells log and journal how a message was judged: each check, its result, and
// the one that decided (event "mx.checked", once for each domain it was for).

#include "service/inbound/goals.h"
#include "service/inbound/judgement.h"
#include "service/inbound/recorder.h"

namespace fwd::service {

void tell_story(Recorder& recorder, const smtp::Peer& peer, const smtp::Mail& mail,
                const Goals& goals, const Judgement& judgement);

}  // namespace fwd::service

#endif
