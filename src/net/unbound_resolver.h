#ifndef FWD_NET_UNBOUND_RESOLVER_H
#define FWD_NET_UNBOUND_RESOLVER_H

// The Resolver over libunbound, which validates (RFC 4035) and keeps a cache,
// in a thread of its own.
//
// Without forwarders it asks the DNS itself, from the root on.  For a mail
// server that is right: what DANE rests on must be validated here and not by
// a resolver on the way; the resolver of resolv.conf may strip signatures (the
// stubs of routers and of systemd-resolved do); and block lists and busy
// domains turn away the public resolvers that everybody uses.  Where port 53
// is closed, name a forwarder that passes DNSSEC on, or "system".
//
// Where no server can be reached (nothing listens, no way leads there) answers
// fail at once; where packets are lost they fail after ten seconds, and further
// ones at once until the servers are tried again, half a minute later.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "net/loop.h"
#include "net/resolver.h"

namespace fwd::net {

struct ResolverOptions {
  // Trust anchors as zone-file lines (DS or DNSKEY); "": nothing is validated.
  std::string anchor_file = "/usr/share/dns/root.key";
  // Resolvers to ask, "192.0.2.53" or "192.0.2.53@5353"; "system" stands for
  // those of /etc/resolv.conf.  None: the root and downwards.
  std::vector<std::string> forwarders;
  // Zones whose servers are known: for private zones and tests.
  struct Stub {
    std::string zone;    // "example.test"
    std::string server;  // as a forwarder
  };
  std::vector<Stub> stubs;
  std::chrono::milliseconds limit = std::chrono::seconds(20);  // for one question
  std::size_t most_at_once = 1000;                             // kBusy beyond
  // An answer that takes so long makes us look whether any forwarder is there.
  std::chrono::milliseconds patience = std::chrono::milliseconds(250);
};

class UnboundResolver final : public Resolver {
 public:
  // Fails when the options cannot be used: kBadInput, kUnavailable (a file).
  // Must be destroyed before its Loop and after whoever asks.
  static Outcome<std::unique_ptr<UnboundResolver>> make(Loop& loop, const ResolverOptions& options);
  ~UnboundResolver() override;

  Task<Outcome<DnsAnswer>> resolve(std::string name, DnsType type) override;

 private:
  struct Inside;
  struct Query;
  explicit UnboundResolver(Loop& loop);
  Task<Outcome<DnsAnswer>> ask(std::string name, DnsType type);
  // Ends when no forwarder can be reached, with the reason.
  Task<std::string> give_up();
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::net

#endif
