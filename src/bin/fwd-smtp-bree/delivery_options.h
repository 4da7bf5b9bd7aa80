#ifndef FWD_BIN_FWD_SMTP_BREE_DELIVERY_OPTIONS_H
#define FWD_BIN_FWD_SMTP_BREE_DELIVERY_OPTIONS_H

// From the option table to what delivery wants.

#include "config/options.h"
#include "core/outcome.h"
#include "mailauth/route/mx_route.h"
#include "service/delivery/options.h"

namespace fwd::smtp_bree {

// kUnavailable: the smarthost's password cannot be read; the private text
// names the file.
Outcome<delivery::DeliveryOptions> delivery_options(const config::Options& options);
mailauth::RouteOptions route_options(const config::Options& options);

}  // namespace fwd::smtp_bree

#endif
