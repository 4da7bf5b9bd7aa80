#ifndef FWD_MODEL_FORWARDING_H
#define FWD_MODEL_FORWARDING_H

// Forwarding: what mail that came in and goes on needs of the door, and what is
// answered to it.
//
//   forward ──> durable in the queue, "in session" ──> a worker tries at once
//                        |                                   |
//               await_forward  <── each destination's word ──+
//                        |
//               settle_forward:  keep  the sender heard yes: the queue goes on
//                                drop  the sender heard no: nothing goes on
//
// While a message is in session no notice of failure is written.  Who took it in
// may die: after in_session_limit it is as if it had been kept.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/task.h"
#include "model/deliveries.h"
#include "model/outbound.h"

namespace fwd::model {

struct NewForward {
  // `content` has our trace lines; `recipients` is empty; `id` may be empty.
  NewOutbound message;
  std::string domain_id, alias_id;  // whose forward it is; the alias is the domain's or ""
  std::vector<Destination> destinations;
  // Hex, made of sender and content as they came.  A destination that has taken
  // or is to take a message of the same print within a day is not given it
  // again; empty: no such memory.
  std::string print;
  ForwardFacts facts;
  // The return path that asks to be passed on, for Recipient::is_return_path: costs
  // one of the credits that deliveries under it granted.  Empty: costs nothing.
  std::string spends{};
};

struct ForwardedTo {
  Destination destination;
  RecipientState state = RecipientState::kWaiting;
  std::uint32_t attempts = 0;
  AttemptResult last;
  bool is_repeat = false;  // of an earlier message with this print
};

// In the order of NewForward::destinations.
struct Forwarded {
  std::string id;  // of the queue's message; "" when all are repeats
  std::vector<ForwardedTo> destinations;
};

enum class SettleForward : std::uint8_t { kKeep = 1, kDrop = 2 };

// A vacation responder that is in force.
struct Vacation {
  std::string address;  // of the alias
  std::string subject;  // may be empty
  std::string message;
};

// A message that answers one that came in, or tells of one.
struct NewReply {
  NewOutbound message;    // envelope_from empty, one recipient
  std::string alias_id;   // whose address is in From
  std::string domain_id;  // its domain, which signs
};

// A message that came to a return path of ours: what it says of the one it is about.
struct CameBack {
  std::string return_path;             // that it came to
  std::vector<std::string> ids;        // Message-ID, in angle brackets; at most 10
  std::vector<std::string> addresses;  // recipients that it names; at most 100
};

// And what we know of that one.
struct WentOn {
  std::string sender;   // whom the path was made for
  bool is_own = false;  // who is of a domain of ours
  // It went on from an alias, or may have, so where to is a secret.  False: the path is
  // of what its sender sent himself.
  bool is_forward = false;
  std::string shown;         // the address its sender wrote to; "" when that is not clear
  std::string message_id;    // the one of CameBack::ids that was right; or ""
  std::int64_t created = 0;  // milliseconds since 1970, when we took it in; 0: not known
  // What tells where to: addresses, names of hosts, IP addresses, in lower case.
  // Empty when there are too many to be sure of all.
  std::vector<std::string> secrets;
  bool operator==(const WentOn&) const = default;
};

class Forwarding {
 public:
  virtual ~Forwarding() = default;

  // Success: durable.  kBadInput names the field; kOverLimit: size or number;
  // kOverQuota: queue or disk full; kNotFound: no such domain or alias; kDenied:
  // `spends` has no credit left, or the alias is another domain's.
  virtual Task<Outcome<Forwarded>> forward(NewForward forward) = 0;
  // Answers when every destination was tried, or when `wait` is over.
  virtual Task<Outcome<Forwarded>> await_forward(std::string id,
                                                 std::chrono::milliseconds wait) = 0;
  // kDrop ends what waits, without a notice, and forgets the print of what was
  // not delivered.  After kKeep notices are written for what has failed.
  // Settling twice does nothing; kWrongState: too late to drop it, it was kept.
  virtual Task<Outcome<void>> settle_forward(std::string id, SettleForward how) = 0;
  // kDenied: no return path of ours.
  virtual Task<Outcome<WentOn>> find_forwarded(CameBack back) = 0;

  // kNotFound: none is in force now.
  virtual Task<Outcome<Vacation>> get_vacation(std::string alias_id) = 0;
  // kDenied: From is not that alias's, or there is none; kCannot: sending is off for the domain.
  virtual Task<Outcome<std::string>> send_reply(NewReply reply) = 0;

  // A person answered at this address (RecipientKind::kConfirms): mail may be
  // forwarded to them from now on.  Twice does nothing; kDenied: they were not asked.
  virtual Task<Outcome<void>> confirm_recipient(std::string address) = 0;
};

}  // namespace fwd::model

#endif
