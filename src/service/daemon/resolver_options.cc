// Reads the options of the DNS.
#include "service/daemon/resolver_options.h"

namespace fwd::daemon {

Outcome<net::ResolverOptions> resolver_options(const config::Options& options) {
  net::ResolverOptions out;
  out.anchor_file = options.path("dns.anchor-file");
  out.forwarders = options.list("dns.forwarders");
  out.limit = options.time("dns.limit");
  for (const std::string& stub : options.list("dns.stubs")) {
    const std::size_t equals = stub.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == stub.size())
      return Failure{Fault::kBadInput, "", "dns.stubs: want zone=server, not " + stub};
    out.stubs.push_back({stub.substr(0, equals), stub.substr(equals + 1)});
  }
  return out;
}

Outcome<std::unique_ptr<net::UnboundResolver>> make_resolver(net::Loop& loop,
                                                             const config::Options& options) {
  const auto resolving = resolver_options(options);
  if (!resolving.ok()) return resolving.failure();
  return net::UnboundResolver::make(loop, resolving.value());
}

}  // namespace fwd::daemon
