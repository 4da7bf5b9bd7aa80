#ifndef FWD_SERVICE_INBOUND_GREYLIST_H
#define FWD_SERVICE_INBOUND_GREYLIST_H

// Greylist: who is seen for the first time is asked to come again a little
// later, which mail servers do and most senders of junk do not (RFC 6647 §2).
//
// A sender is known by the network he comes from (/24 of IPv4, /64 of IPv6) and
// his envelope address without what changes from message to message.  Where SPF
// proves him, the domain takes the place of the network: large senders come
// back from another of theirs.
//
//   unseen --> waiting (5 days) --after the delay--> passed (36 days from each use)
//
// What a stranger makes up is bounded.  Those who wait, those who passed and the
// networks have each a room in the state (model::kRooms): in a full one the oldest
// go, so who waits pushes out nobody who passed.  Whoever begins with many senders,
// from one network or in the name of one organisation, waits as one with them
// all; so do the new of each provider (/24 of IPv4, /32 of IPv6) while the room for
// who waits fills quickly, but for a few that are proven, so that who comes back in an
// hour finds his entry still there.
//
// A network from which several senders have passed is known for good mail: its
// further senders do not wait.  Names of hosts are not asked at all, so nobody
// shares the fate of all who rent from one provider.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/task.h"
#include "model/state.h"
#include "protocol/smtp/reply.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

struct GreylistOptions {
  std::chrono::seconds delay = std::chrono::minutes(5);  // 0: nobody waits
  std::uint64_t passes = 5;         // senders that make a network known; 0: none does
  std::uint64_t new_senders = 100;  // one network may begin with in an hour
  std::uint64_t entries = 30'000;   // the state has room for, of each kind
};

struct GreylistQuestion {
  std::string ip;
  std::string sender;         // "user@example.com", "" for the null path
  std::string proven_domain;  // the sender's, when SPF passed; else ""
};

struct GreylistAnswer {
  bool must_wait = false;
  std::chrono::seconds left{0};  // then
  bool is_known = false;         // passed before, itself or its network
  Finding finding;
  std::optional<smtp::Reply> refusal;  // 450 4.7.1 exactly when it must wait
};

class Greylist {
 public:
  // Both must outlive it.
  Greylist(model::State& state, const Clock& clock) : state_(state), clock_(clock) {}

  // Never fails: when the state is away or full everybody passes, and the
  // finding says so.
  Task<GreylistAnswer> ask(GreylistQuestion question, GreylistOptions options);

 private:
  struct Names;
  Task<GreylistAnswer> ask_network(const Names& names, GreylistOptions options);
  Task<GreylistAnswer> ask_pair(const Names& names, GreylistOptions options, std::string digest,
                                bool may_begin);
  Task<GreylistAnswer> begin(const Names& names, GreylistOptions options, std::string digest);
  // Whose crowd a new sender waits with; "" for none.
  Task<Outcome<std::string>> find_crowd(const Names& names, GreylistOptions options);
  Task<GreylistAnswer> pass(const Names& names, GreylistOptions options, std::string digest);
  std::int64_t now() const { return unix_seconds(clock_.wall()); }

  model::State& state_;
  const Clock& clock_;
};

// The sender in lower case, without "+tag", and "#" for each word of the local
// part with a digit in it: the same for all messages of a mailing list.
std::string greylist_sender(const std::string& sender);

}  // namespace fwd::service

#endif
