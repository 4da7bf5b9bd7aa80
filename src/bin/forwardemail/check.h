#ifndef FWD_BIN_FORWARDEMAIL_CHECK_H
#define FWD_BIN_FORWARDEMAIL_CHECK_H

// forwardemail check: what stands in files, for every daemon.

#include <string>
#include <vector>

#include "core/clock.h"

namespace fwd::command {

// A sentence for each fault: options of every program, the server key, the
// certificate, its key, and how long it is still valid.  `config_file` as given
// by --config, or empty.
std::vector<std::string> check_files(const std::string& config_file, WallTime now);

}  // namespace fwd::command

#endif
