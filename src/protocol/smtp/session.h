#ifndef FWD_PROTOCOL_SMTP_SESSION_H
#define FWD_PROTOCOL_SMTP_SESSION_H

// One SMTP conversation, the server's side (RFC 5321), over any Stream.
//
//              HELO, EHLO           MAIL            RCPT            DATA, BDAT
//   greeted ---------------> ready ------> mail ---------> rcpt ----------------> content
//      ^                     ^  ^            |               |                       |
//      |      STARTTLS       |  +----RSET----+------RSET-----+--- final dot, LAST ---+
//      +---------------------+
//
// Announced: PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME (RFC 6152),
// BINARYMIME and CHUNKING (RFC 3030), ENHANCEDSTATUSCODES (RFC 2034), SMTPUTF8
// (RFC 6531), LIMITS (RFC 9422), and STARTTLS (RFC 3207) while the stream can.

#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/event.h"
#include "core/log.h"
#include "core/stream.h"
#include "core/task.h"
#include "protocol/smtp/budget.h"
#include "protocol/smtp/limits.h"
#include "protocol/smtp/policy.h"

namespace fwd::smtp {

struct Conversation;

// What a session stands on; all of it must outlive the session.
struct SessionContext {
  Clock& clock;
  Log& log;
  Policy& policy;
  Budget& budget;
  Event& stop;                                 // set: say 421 between two commands and end
  const std::function<std::string()>& new_id;  // unique words of letters and digits
  const Limits& limits;
  const std::string& host;  // our name in greetings and trace lines
};

class Session {
 public:
  Session(Stream& stream, const SessionContext& context);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Talks until one side ends it, closes the stream, logs "smtp.session.end".
  // Await it once; the session must outlive it.  Destroying it ends all.
  // An exception is a bug: the peer is told 421 4.3.0, the log its text.
  Task<void> run();

 private:
  std::unique_ptr<Conversation> conversation_;
};

}  // namespace fwd::smtp

#endif
