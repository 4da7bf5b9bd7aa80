#ifndef FWD_MODEL_QUEUE_H
#define FWD_MODEL_QUEUE_H

// Queue: outbound messages, from acceptance to their end.
//
//   submit --> queued --claim--> with a worker --report--> sent, bounced, …
//                 ^                    |  |
//                 +---- lease over ----+  +--> deferred --(its hour)--> claim
//
// A worker holds recipients by a lease.  When it dies the lease ends as the next
// worker of its machine begins, or else runs out, and they are claimed again; a report under a
// lease that ran out is still taken while nobody else has claimed, as what was delivered was
// delivered.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "model/outbound.h"

namespace fwd::model {

struct ClaimQuestion {
  std::string worker;       // who asks: the machine, "/", what no other has; or this alone
  std::uint32_t most = 20;  // claims to give at most
  std::chrono::seconds lease{};
  std::chrono::milliseconds wait{};  // how long the answer may wait for something to claim
  // Of one destination at most this many claims at once, over all workers.
  std::uint32_t most_per_destination = 10;
  // Its first question: what its machine has claimed is held by nobody, as its workers
  // before are dead.  Not when it names no machine.
  bool begins = false;
  // The first after one without an answer: what itself has claimed and `holds` does not
  // name was claimed by the answer that was lost.
  bool has_lost = false;
  std::vector<std::uint64_t> holds{};  // leases it knows of; at most 1000
};

// Recipients of one message at one destination, to be tried now.
struct Claim {
  std::uint64_t lease = 0;
  std::int64_t leased_until = 0;
  Outbound message;         // `recipients`: only those claimed
  std::string destination;  // their domain
  std::string
      return_path;     // MAIL FROM towards others: "SRS0=…@fe-bounces.example.test"; "" for null
  std::string domain;  // the sender's domain, for signing; "" for none
  std::uint32_t destination_failures = 0;  // in a row, of the whole destination
  // The destination is left alone, for this reason, but the message's time is over: to be
  // ended without an attempt.
  bool is_paused = false;
  std::string pause_reason;
  // Of a forward.  Who sent it still waits for our word: who fails now is reported
  // without a notice, as untold.
  bool in_session = false;
  // Its recipients have failed in session: nothing is tried, their notice is written.
  bool is_telling = false;
  ForwardFacts facts;
};

struct RecipientReport {
  std::uint32_t number = 0;
  RecipientState state = RecipientState::kWaiting;
  AttemptResult result;
  std::int64_t next_attempt = 0;  // when waiting
  bool delay_told = false;        // `notices` holds the notice of it
  bool is_untold = false;         // kFailed, and the notice is left for later
};

// What is known of a destination as a whole after an attempt.
struct DestinationReport {
  std::uint32_t failures = 0;     // in a row; 0: it works
  std::int64_t paused_until = 0;  // only what has expired is claimed before
  std::string reason;
};

struct Report {
  std::uint64_t lease = 0;
  std::string message_id;
  std::vector<RecipientReport> recipients;
  bool has_destination = false;
  std::string destination_name;
  DestinationReport destination;
  std::vector<NewOutbound> notices;  // DSNs, queued in the same commit
};

struct SigningKey {
  std::string domain;     // d=
  std::string selector;   // s=
  std::string algorithm;  // "rsa", "ed25519"
  std::string secret;     // PKCS#8 PEM for rsa, 32 octets for ed25519; wipe after use
  std::string record;     // what the DNS must say: "v=DKIM1; k=rsa; p=…"
};

// Where a domain wants to hear of failed attempts.
struct BounceHook {
  std::string url;  // empty: nowhere
  std::string key;  // signs what is posted there and to its aliases' webhooks; may be empty
};

// Who looks after an address that forwards: addresses, each may be empty.
struct ForwardOwners {
  std::string alias;                // that names the destination, as people write it
  std::string mailbox;              // its own address, when it is one and keeps mail
  std::string owner;                // of the user it belongs to
  std::vector<std::string> admins;  // of the domain; at most 10
};

struct QueueFilter {
  std::string id;  // empty fields do not narrow
  std::string domain_id, user_id, alias_id;
  std::string destination;  // or a whole recipient address
  std::string sender;
  std::vector<OutboundState> states;  // none: those that are not final
  std::uint32_t limit = 100;          // newest first
  std::string before;                 // go on after this id
};

struct QueueStat {
  std::uint64_t messages[8] = {};   // by OutboundState
  std::uint64_t octets = 0;         // of content kept
  std::int64_t oldest_waiting = 0;  // created; 0: none waits
  std::uint64_t with_workers = 0;   // recipients under a lease
  struct Destination {
    std::string name;
    std::uint64_t waiting = 0;  // recipients
    std::uint32_t failures = 0;
    std::int64_t paused_until = 0;
    std::string reason;
  };
  std::vector<Destination> destinations;  // those with most waiting, and all paused; at most 100
};

enum class QueueAction : std::uint8_t {
  kHold = 1,
  kRelease = 2,  // also lets a pending message go
  kRetry = 3,    // now, whatever its hour; also lifts a pause of the destination
  kRemove = 4,   // ends it as rejected, without a notice
  kBounce = 5,   // ends it as rejected, with a notice to the sender
};

class Queue {
 public:
  virtual ~Queue() = default;

  // For workers.  Oldest due first, destinations in turn.
  virtual Task<Outcome<std::vector<Claim>>> claim(ClaimQuestion question) = 0;
  // kNotFound when it was removed or redacted.  At most `most` octets from `offset`.
  virtual Task<Outcome<std::string>> read_outbound(std::string id, std::uint64_t offset,
                                                   std::uint64_t most) = 0;
  // kWrongState: another worker has claimed them since.
  virtual Task<Outcome<void>> report(Report report) = 0;
  virtual Task<Outcome<void>> prolong(std::uint64_t lease, std::chrono::seconds by) = 0;
  // The keys that sign for a domain of ours; none: it has none.
  virtual Task<Outcome<std::vector<SigningKey>>> signing_keys(std::string domain) = 0;

  // A domain's bounce webhook, by the domain's id: without a URL when it has none.
  virtual Task<Outcome<BounceHook>> bounce_hook(std::string domain_id) = 0;
  // Without those that were removed; an alias that is not the domain's is none.
  virtual Task<Outcome<ForwardOwners>> forward_owners(std::string domain_id,
                                                      std::string alias_id) = 0;

  // For people.
  virtual Task<Outcome<std::vector<Outbound>>> list_outbound(QueueFilter filter) = 0;
  // Gives how many messages it was done to.  The filter must narrow: kBadInput.
  virtual Task<Outcome<std::uint64_t>> act_on_outbound(QueueFilter filter, QueueAction action) = 0;
  virtual Task<Outcome<QueueStat>> queue_stat() = 0;
};

}  // namespace fwd::model

#endif
