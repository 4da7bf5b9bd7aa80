#ifndef FWD_BIN_FORWARDEMAIL_TERMINAL_H
#define FWD_BIN_FORWARDEMAIL_TERMINAL_H

// What comes from a terminal or a file.

#include <string>

#include "core/outcome.h"

namespace fwd::command {

// One line of standard input without its line end.  At a terminal shows
// `prompt` and keeps what is typed from being seen.  kBadInput: more than 1000
// octets, or the end of input at once.
Outcome<std::string> read_secret(const std::string& prompt);

// What is in the file; "-": all of standard input.  kNotFound, kBadInput: it cannot
// be read; kOverLimit: more than 64 KB.
Outcome<std::string> read_file(const std::string& name);

}  // namespace fwd::command

#endif
