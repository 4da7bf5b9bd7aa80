#ifndef FWD_SERVICE_DAEMON_SCAN_OPTIONS_H
#define FWD_SERVICE_DAEMON_SCAN_OPTIONS_H

// The scanners, from the options called "scan.".

#include <string>
#include <vector>

#include "config/options.h"
#include "scan/scanners.h"

namespace fwd::daemon {

// For daemons that ask about mail (mxd).  kUnavailable: the password cannot be
// read.
Outcome<scan::ScannerOptions> scanner_options(const config::Options& options);
// scan.when-down = defer: a message whose scanner is away is to be told 4xx.
bool scanners_defer(const config::Options& options);

// For daemons that teach (imapd): the controller; url "" when there is none.
Outcome<scan::RspamdOptions> controller_options(const config::Options& options);

// For --check=deep: a sentence for each scanner that is not well configured or
// does not answer.  Asked in a loop of its own; only addresses and localhost
// are known there.
std::vector<std::string> check_scanners(const config::Options& options);
std::vector<std::string> check_controller(const config::Options& options);

}  // namespace fwd::daemon

#endif
