#ifndef FWD_MODEL_NOTICE_H
#define FWD_MODEL_NOTICE_H

// A delivery report as a message that goes out.

#include "format/delivery_report.h"
#include "model/outbound.h"

namespace fwd::model {

// From nobody (RFC 5321 §6.1) to report.to; its id is report.unique.
NewOutbound make_notice(const format::DeliveryReport& report);

}  // namespace fwd::model

#endif
