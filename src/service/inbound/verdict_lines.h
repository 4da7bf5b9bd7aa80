#ifndef FWD_SERVICE_INBOUND_VERDICT_LINES_H
#define FWD_SERVICE_INBOUND_VERDICT_LINES_H

// The header fields in which a message tells how it was judged:
//
//   Authentication-Results: mx.example.com; iprev=pass … spf=pass … dmarc=pass …
//   Received-SPF: pass (mx.example.com: …) client-ip=192.0.2.1; …
//   X-Forward-Email-Verdict: junk; points=7.5/6; decided-by=points;
//     helo=fail +1.5 (the name it gave does not exist);
//     iprev=permerror +2 (no name); …
//   X-Forward-Email-Sender: rfc822; a@example.org, mail.example.org, 192.0.2.1
//   X-Spam-Status: …                      of the scanners (scan/header_lines.h)

#include <string>
#include <string_view>

#include "service/inbound/checks.h"
#include "service/inbound/evidence.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

// Each with CRLF; nothing a stranger wrote can end a field.  "" when nobody was
// asked.
std::string verdict_lines(const MessageFacts& facts, const Evidence& evidence,
                          const Judgement& judgement);

// "accepted", "junk", "deferred" or "refused".
std::string_view verdict_word(const Judgement& judgement);

// "+1.5", "-0.5", "+3": as findings are told of.
std::string signed_points(double points);
std::string plain_points(double points);

}  // namespace fwd::service

#endif
