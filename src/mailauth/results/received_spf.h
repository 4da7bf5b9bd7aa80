#ifndef FWD_MAILAUTH_RESULTS_RECEIVED_SPF_H
#define FWD_MAILAUTH_RESULTS_RECEIVED_SPF_H

// The Received-SPF field (RFC 7208 §9.1).

#include <string>

namespace fwd::mailauth {

struct ReceivedSpf {
  std::string word;           // "pass", "fail", "softfail", "neutral", "none", "temperror", …
  std::string comment;        // "mx.example.com: domain of … designates … as permitted sender"
  std::string receiver;       // our host; "" leaves a pair out, here and below
  std::string identity;       // "mailfrom" or "helo"
  std::string client_ip;      // as text
  std::string envelope_from;  // the address that was checked
  std::string helo;
  std::string mechanism;  // that matched, "ip4:192.0.2.1", "default" without one
  std::string problem;    // what went wrong
};

// The whole field, folded, with its last CRLF; nothing in the texts can end it.
// "" when `word` is none of SPF's.
std::string received_spf_line(const ReceivedSpf& facts);

// The comment the RFC shows for a result, or its like.
std::string received_spf_comment(const ReceivedSpf& facts);

}  // namespace fwd::mailauth

#endif
