#ifndef FWD_MAILAUTH_SIGNATURES_MESSAGE_VERIFIER_H
#define FWD_MAILAUTH_SIGNATURES_MESSAGE_VERIFIER_H

// What the signatures of a message are worth: DKIM (RFC 6376, RFC 8301,
// RFC 8463) and ARC (RFC 8617).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/task.h"
#include "mailauth/signatures/arc_result.h"
#include "mailauth/signatures/dkim_result.h"
#include "mailauth/signatures/message_view.h"
#include "net/resolver.h"

namespace fwd::net {
class Workers;
}

namespace fwd::mailauth {

class KeyRing;

struct AuthLimits {
  // DKIM signatures looked at, from the top of the message down; of more
  // nothing is said.
  std::size_t signatures = 8;
  std::size_t arc_sets = 50;         // RFC 8617 §4.2.1
  std::size_t signed_fields = 1000;  // names in one h=
  // Keys asked for in all.  A signature beyond is kPolicy, and so a chain fails: it
  // is the sender's doing and not the DNS's.
  std::size_t keys = 20;
};

// More wait for their turn, so that the slow zone of one message leaves the
// resolver to others; honest mail has two or three.
inline constexpr std::size_t kKeysAtOnce = 8;

// Runs a job that blocks, on another thread if there is one, and waits for it.
// The job owns all it uses, so the waiting task may be destroyed meanwhile.
using Blocking = std::function<Task<void>(std::function<void()> job)>;
// On the threads of `workers` in turn, which must outlive it.
Blocking on_workers(net::Workers& workers);
// Where it is; for tests and tools.
Task<void> run_inline(std::function<void()> job);

// `resolver` must outlive the verifier, and the verifier its tasks.
class MessageVerifier {
 public:
  MessageVerifier(net::Resolver& resolver, Blocking blocking, AuthLimits limits = {});

  // For messages that come from now on.
  void set_limits(const AuthLimits& limits) { limits_ = limits; }

  // One ring is for one message: given to both, it bounds what they ask for together.
  std::shared_ptr<KeyRing> make_ring() const;

  // One result for each DKIM-Signature, in their order; nothing for a message
  // that has none.  `unix_time` decides what has expired.
  Task<std::vector<DkimResult>> verify_dkim(std::shared_ptr<const MessageView> message,
                                            std::int64_t unix_time,
                                            std::shared_ptr<KeyRing> ring = nullptr) const;
  // Asks for the keys of the newest set first, and for no others unless they hold
  // (RFC 8617 §5.2).
  Task<ArcResult> verify_arc(std::shared_ptr<const MessageView> message, std::int64_t unix_time,
                             std::shared_ptr<KeyRing> ring = nullptr) const;

 private:
  net::Resolver& resolver_;
  Blocking blocking_;
  AuthLimits limits_;
};

}  // namespace fwd::mailauth

#endif
