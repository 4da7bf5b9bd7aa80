#ifndef FWD_DOOR_RECIPIENT_VERIFICATION_H
#define FWD_DOOR_RECIPIENT_VERIFICATION_H

// Nobody is sent an alias's mail who did not agree, where the alias or its
// domain asks for that: each recipient elsewhere is asked by mail, and agrees by
// answering it.  The answer comes to an address that only that mail told:
//
//   verify=HHHHHHHHHHHHH=TT=<id of the alias>@fe-bounces.example.test
//          hash of alias, recipient and day
//
// The hash is HMAC-SHA-256 under a key made from the server key, 65 bits in base
// 32, and holds for 30 days.  While its alias keeps the recipient, answering again
// changes nothing; afterwards it is of no use.  The recipient does not stand in the address: it is
// found among those of the alias.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/outcome.h"
#include "crypto/secret.h"
#include "door/stores.h"
#include "model/directory.h"
#include "storage/queue/queue_store.h"

namespace fwd::door {

// Making and opening those addresses.
class VerificationTokens {
 public:
  explicit VerificationTokens(const crypto::SecretKey& server_key);

  std::string make(const std::string& alias_id, const std::string& recipient, WallTime now) const;
  // The alias whose recipient it may be; "" when it is of no good form or too old.
  static std::string alias_of(std::string_view local, WallTime now);
  // The day it was made, counted since 1970; 0 for one of no good form or too old.
  static std::int64_t day_of(std::string_view local, WallTime now);
  // Which of the alias's recipients it was made for; "" for none.
  std::string open(std::string_view local, const model::Alias& alias, WallTime now) const;

 private:
  std::string hash(std::string_view day, std::string_view alias_id,
                   std::string_view recipient) const;
  crypto::SecretKey key_;
};

class RecipientVerification {
 public:
  // All must outlive it.
  RecipientVerification(Stores& stores, queue::QueueStore& queue)
      : stores_(stores), queue_(queue), tokens_(*stores.server_key) {}

  // Makes an alias that is to be stored agree with itself: verified are only
  // recipients it has, and pending all that were not verified yet.
  static void settle(model::Alias& alias, const model::Domain& domain);

  // Asks whom it may: a recipient once a day and five times in 30 days, and an
  // address 20 times a day for all aliases.  What fails here is done again when
  // the alias is stored again.
  Task<void> ask(model::Alias alias);

  // Whom an answer to `local` at the return paths of `domain` is from, in which
  // alias.  kDenied: no such question was asked, or long ago, or it was answered
  // before the recipient was taken off the alias and put on again.
  struct Found {
    model::Alias alias;
    std::string recipient;
    std::int64_t day = 0;  // of the question
  };
  Task<Outcome<Found>> find(std::string local, std::string domain_id);
  // Marks the one who answered to this address, which find() knew.  Is finished
  // though the caller hangs up.
  Task<Outcome<void>> confirm(std::string address);

 private:
  Task<Outcome<void>> note_answer(std::string address);
  // Under which the state keeps the last day whose question was answered.
  static std::string answered_key(const Found& found);
  Task<Outcome<bool>> may_ask(std::string alias_id, std::string recipient);
  model::NewOutbound question(const model::Alias& alias, const model::Domain& domain,
                              const std::string& recipient) const;

  Stores& stores_;
  queue::QueueStore& queue_;
  VerificationTokens tokens_;
};

}  // namespace fwd::door

#endif
