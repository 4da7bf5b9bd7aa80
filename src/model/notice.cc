// Writes delivery reports into messages.
#include "model/notice.h"

#include <utility>

#include "core/text.h"
#include "format/header_lines.h"

namespace fwd::model {

NewOutbound make_notice(const format::DeliveryReport& report) {
  NewOutbound out;
  out.content = format::write_delivery_report(report);
  out.id = report.unique;
  NewRecipient sender;
  sender.address = report.to;
  sender.notify = kNotifyNever;
  out.recipients.push_back(std::move(sender));
  out.body = is_ascii(out.content) ? BodyKind::k7Bit : BodyKind::k8BitMime;
  out.smtp_utf8 = format::needs_utf8_header(report);
  out.header_from = "mailer-daemon@" + report.domain;
  out.message_id = "<" + report.unique + "@" + report.domain + ">";
  out.date = report.date * 1000;
  const auto subject = format::find_field(out.content, "subject");
  if (subject) out.subject = format::unfold(*subject);
  return out;
}

}  // namespace fwd::model
