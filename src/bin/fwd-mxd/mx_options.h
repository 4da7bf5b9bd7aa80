#ifndef FWD_BIN_FWD_MXD_MX_OPTIONS_H
#define FWD_BIN_FWD_MXD_MX_OPTIONS_H

// From the option table to what taking mail in wants.

#include <string>
#include <vector>

#include "config/options.h"
#include "mailauth/signatures/message_verifier.h"
#include "service/inbound/options.h"

namespace fwd::mxd {

service::InboundOptions inbound_options(const config::Options& options);
mailauth::AuthLimits auth_limits(const config::Options& options);

// For --check=deep: trust anchor, DNS and scanners, whether they are there and answer.
std::vector<std::string> check_deep(const config::Options& options);

}  // namespace fwd::mxd

#endif
