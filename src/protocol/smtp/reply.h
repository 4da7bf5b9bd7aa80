#ifndef FWD_PROTOCOL_SMTP_REPLY_H
#define FWD_PROTOCOL_SMTP_REPLY_H

// A reply as a value, and the one writer that knows how it looks on the wire.

#include <string>

namespace fwd::smtp {

struct Reply {
  int code = 250;
  std::string enhanced;  // "2.1.5" (RFC 3463 §2); empty where none is allowed (RFC 2034 §4)
  std::string text;      // lines separated by LF
  bool close = false;    // the server ends the session after sending it

  bool accepts() const { return code < 400; }
};

// The reply as octets: RFC 5321 §4.2 for its lines, RFC 2034 §4 for the
// enhanced code on each.  Whatever is not printable ASCII becomes '?', and no
// line is longer than 512 octets with its CRLF (RFC 5321 §4.5.3.1.5), so no
// text that stems from a peer or a store can break the conversation.
std::string to_wire(const Reply& reply);

}  // namespace fwd::smtp

#endif
