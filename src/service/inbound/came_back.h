#ifndef FWD_SERVICE_INBOUND_CAME_BACK_H
#define FWD_SERVICE_INBOUND_CAME_BACK_H

// What comes back through return paths of ours.  Who wrote to an address that
// forwards never learns where it leads, and each line of a report may tell:
//
//   about mail that one of ours sent himself   goes on as it is
//   about mail that went on from an alias, or may have:
//     a report of delivery (RFC 3464)          goes on as one of ours, about the alias
//     a report that we cannot read             likewise; it says so
//     anything else                            is refused
//
// Ours has the address that was written to, action, status, words of ours, and of
// the header only what its sender wrote.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "format/delivery_report.h"
#include "model/forwarding.h"
#include "protocol/smtp/reply.h"
#include "service/inbound/context.h"
#include "service/inbound/storing.h"

namespace fwd::service {

// A message, as something that came back.
struct ReadBack {
  enum class Kind { kReport, kUnreadable, kOther };
  Kind kind = Kind::kOther;
  format::ReportAction action = format::ReportAction::kFailed;  // the worst that it tells of
  std::string status;                                           // of that
  std::vector<std::string> ids, addresses;                      // see model::CameBack
  std::string original_header;                                  // "" when it has none
};
ReadBack read_came_back(std::string_view content);

// Our own report in its place.  `report` has who writes it, to whom, and when.
model::NewOutbound mask(const ReadBack& back, const model::WentOn& went,
                        format::DeliveryReport report);

// What becomes of the message for one recipient that is a return path.
struct ReturnedAs {
  const ReturnGoal* goal;
  std::optional<model::NewOutbound> masked;  // in its place
  std::optional<smtp::Reply> refusal;        // or it is refused
};
// For each of the message's; fails when the door cannot be asked.
Task<Outcome<std::vector<ReturnedAs>>> look_at_returns(const InboundContext& context,
                                                       const Judged& message);

}  // namespace fwd::service

#endif
