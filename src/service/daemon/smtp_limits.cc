// Reads what every daemon that answers SMTP keeps within.
#include "service/daemon/smtp_limits.h"

namespace fwd::daemon {

smtp::Limits smtp_limits(const config::Options& options) {
  smtp::Limits limits;
  limits.discard = options.size("smtp.discard-limit");
  limits.command_line = options.size("smtp.command-line-limit");
  limits.text_line = options.size("smtp.text-line-limit");
  limits.errors = options.integer("smtp.errors-limit");
  limits.commands = options.integer("smtp.commands-limit");
  limits.transactions = options.integer("smtp.transactions-limit");
  limits.idle = options.time("smtp.idle-limit");
  limits.session = options.time("smtp.session-limit");
  limits.output = options.size("smtp.output-limit");
  return limits;
}

}  // namespace fwd::daemon
