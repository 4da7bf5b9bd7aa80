#ifndef FWD_BIN_FORWARDEMAIL_TERMINAL_H
#define FWD_BIN_FORWARDEMAIL_TERMINAL_H

// Asking a person for a secret.

#include <string>

#include "core/outcome.h"

namespace fwd::command {

// One line of standard input without its line end.  At a terminal shows
// `prompt` and keeps what is typed from being seen.  kBadInput: more than 1000
// octets, or the end of input at once.
Outcome<std::string> read_secret(const std::string& prompt);

}  // namespace fwd::command

#endif
