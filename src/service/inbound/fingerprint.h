#ifndef FWD_SERVICE_INBOUND_FINGERPRINT_H
#define FWD_SERVICE_INBOUND_FINGERPRINT_H

// By what a message that comes a second time is known.

#include <string>
#include <string_view>

namespace fwd::service {

// Who a message is from, as far as somebody vouches for it.
struct PrintOrigin {
  std::string_view sender;  // of the envelope, "" for none
  // Where it came from, when nobody vouches for the sender: a stranger cannot make
  // a message be taken for a repeat of one that he has sent before.  Else "".
  std::string_view peer_ip;
};

// 64 hex digits, made of the origin, the fields that one message keeps on all
// its ways (Message-ID, Date, From, To, Cc, Subject, Resent-Date and
// Resent-Message-ID) and the body.  "" when there is no Message-ID: what has
// none may be sent again on purpose (an alarm, a printer).  A pure function; it
// is kept in stores, so it never changes.
std::string message_print(const PrintOrigin& origin, std::string_view content);

}  // namespace fwd::service

#endif
