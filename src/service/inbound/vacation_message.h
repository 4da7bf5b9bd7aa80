#ifndef FWD_SERVICE_INBOUND_VACATION_MESSAGE_H
#define FWD_SERVICE_INBOUND_VACATION_MESSAGE_H

// The answer for somebody who is away, as a message (RFC 3834 §3).

#include <string>
#include <string_view>

#include "core/clock.h"
#include "model/forwarding.h"

namespace fwd::service {

// What an answer says of the message it answers.
struct Answered {
  std::string author;      // of From
  std::string subject;     // UTF-8
  std::string message_id;  // in its angle brackets; may be empty
  std::string references;  // may be empty
};

// The message's id in its angle brackets; "" when it has none that can be shown.
std::string find_message_id(std::string_view header);

// References for an answer (RFC 5322 §3.6.4): those of the message, or else its
// In-Reply-To, then its id; the first and the last of many.
std::string references_for(std::string_view header);

// To `answered.author`, without a sender, so that nothing answers it.
model::NewOutbound write_vacation(const Answered& answered, const model::Vacation& vacation,
                                  WallTime now);

}  // namespace fwd::service

#endif
