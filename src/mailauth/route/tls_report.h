#ifndef FWD_MAILAUTH_ROUTE_TLS_REPORT_H
#define FWD_MAILAUTH_ROUTE_TLS_REPORT_H

// What TLS reports (RFC 8460) are made of: one journal entry, event
// "tls.result", for every session with a remote host.  Only collecting.

#include <string>

#include "mailauth/route/tls_policy.h"
#include "model/journal.h"

namespace fwd::mailauth {

struct TlsSessionResult {
  // "" for success; else a word of RFC 8460 §4.3: "starttls-not-supported",
  // "validation-failure" (a handshake that failed), or TlsVerdict::result_type.
  // Trouble with the policy itself counts where the session had none, and where
  // the host was not even tried.
  std::string result_type;
  std::string reason;      // failure-reason-code: what the library said; at most 200 octets kept
  std::string mx;          // receiving-mx-hostname
  std::string mx_ip;       // receiving-ip
  std::string our_ip;      // sending-mta-ip
  std::string message_id;  // our log's id
};

model::JournalEntry tls_result_entry(const TlsPolicy& policy, const TlsSessionResult& result);

}  // namespace fwd::mailauth

#endif
