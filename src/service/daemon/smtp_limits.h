#ifndef FWD_SERVICE_DAEMON_SMTP_LIMITS_H
#define FWD_SERVICE_DAEMON_SMTP_LIMITS_H

// The bounds that every daemon which answers SMTP keeps.

#include "config/options.h"
#include "protocol/smtp/limits.h"

namespace fwd::daemon {

// The options called "smtp."; how many recipients and how large a message is
// the daemon's own to say, and the rest stays as it is by default.
smtp::Limits smtp_limits(const config::Options& options);

}  // namespace fwd::daemon

#endif
