#ifndef FWD_SERVICE_DELIVERY_CONTEXT_H
#define FWD_SERVICE_DELIVERY_CONTEXT_H

// What delivery needs of the world; all of it outlives the worker.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "crypto/random.h"
#include "format/message_packer.h"
#include "mailauth/route/mx_route.h"
#include "mailauth/route/tls_policy.h"
#include "mailauth/signatures/arc_seal.h"
#include "model/deliveries.h"
#include "model/forwarding.h"
#include "model/journal.h"
#include "model/queue.h"
#include "model/state.h"
#include "net/resolver.h"
#include "service/delivery/dialer.h"
#include "service/delivery/options.h"

namespace fwd::delivery {

// Where a domain's mail goes (find_route() with this host's names).
using FindRoute = std::function<Task<mailauth::MxRoute>(std::string domain)>;
// The addresses of one host, without MX; empty: none, or the DNS is down.
using FindAddresses = std::function<Task<std::vector<std::string>>(std::string host)>;
// DkimSigner::sign(), on a thread of its own.
using Sign = std::function<Task<Outcome<std::string>>(std::shared_ptr<const std::string> message,
                                                      std::vector<model::SigningKey> keys,
                                                      std::int64_t unix_time)>;
// mailauth::seal_arc(), on a thread of its own.
using Seal = std::function<Task<Outcome<std::string>>(std::shared_ptr<const std::string> message,
                                                      mailauth::ArcSeal seal)>;
struct HttpPost {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds limit{};
};
struct HttpSaid {
  int status = 0;
  std::string retry_after;  // the field's value, "" without one
};
// Failures as HttpClient::ask() has them.
using PostHttp = std::function<Task<Outcome<HttpSaid>>(HttpPost post)>;
// Runs a long piece of work on a thread of its own; empty: here and now.
using RunJob = std::function<Task<std::string>(std::function<std::string()> job)>;

struct DeliveryContext {
  model::Queue& queue;
  model::Deliveries& deliveries;
  model::Journal& journal;
  Clock& clock;
  Log& log;
  format::MessagePacker& packer;
  Dialer& dialer;
  mailauth::TlsPolicies& tls;
  FindRoute find_route;
  FindAddresses find_addresses;
  Sign sign;
  PostHttp post_http;
  crypto::RandomBelow random;
  std::function<std::string()> new_id;
  RunJob run_job{};
  // As find_addresses, of a host that a forward's destination names: private addresses
  // are none unless they may be.
  FindAddresses find_host{};
  Seal seal{};                              // empty: nothing is sealed
  model::Forwarding* forwarding = nullptr;  // for mail of ours to what leads elsewhere
  net::Resolver* resolver = nullptr;        // for domains whose aliases are TXT records
  // Empty: none is ours, as far as we know.
  std::function<bool(const std::string& ip)> is_own_address{};
  model::State* state = nullptr;  // what was told of forwards; null: nothing is told
};

// What one recipient's attempt came to.
struct RecipientVerdict {
  enum class Kind : std::uint8_t { kUndecided, kDelivered, kTemporary, kPermanent };
  Kind kind = Kind::kUndecided;
  model::AttemptResult result;
  bool is_local = false;      // delivered here, so nobody else will confirm it
  milliseconds not_before{};  // a remote asked to be left alone for so long
};

// What an attempt for all recipients of a claim came to.
struct AttemptOutcome {
  std::vector<RecipientVerdict> recipients;  // in the claim's order
  bool is_destination_down = false;          // no host of it could be spoken to
  bool is_destination_up = false;            // one took a message or refused a recipient
  std::string blocked;                       // its words when it blocks us as a host
};

}  // namespace fwd::delivery

#endif
