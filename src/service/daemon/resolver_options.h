#ifndef FWD_SERVICE_DAEMON_RESOLVER_OPTIONS_H
#define FWD_SERVICE_DAEMON_RESOLVER_OPTIONS_H

// From the option table to what the DNS wants.

#include <memory>

#include "config/options.h"
#include "core/outcome.h"
#include "net/unbound_resolver.h"

namespace fwd::daemon {

// kBadInput: a stub that is not zone=server.
Outcome<net::ResolverOptions> resolver_options(const config::Options& options);
// Of these options; also the failures of UnboundResolver::make().
Outcome<std::unique_ptr<net::UnboundResolver>> make_resolver(net::Loop& loop,
                                                             const config::Options& options);

}  // namespace fwd::daemon

#endif
