#ifndef FWD_SERVICE_DAEMON_SELF_CHECK_H
#define FWD_SERVICE_DAEMON_SELF_CHECK_H

// What --check=deep looks at beyond the options.

#include <string>
#include <vector>

#include "core/clock.h"
#include "service/daemon/program.h"

namespace fwd::daemon {

// A sentence for each fault: certificate and key, modes of files, and what the
// program itself looks at.
std::vector<std::string> check_deep(const Program& program, const config::Options& options,
                                    WallTime now);

}  // namespace fwd::daemon

#endif
