#ifndef FWD_DOOR_SIGNING_KEYS_H
#define FWD_DOOR_SIGNING_KEYS_H

// The keys that sign a domain's mail: made on a worker of their own, kept
// sealed in the domain's record, unsealed for who signs.

#include <memory>
#include <string>
#include <vector>

#include "core/event.h"
#include "door/stores.h"
#include "model/queue.h"
#include "model/records.h"
#include "net/workers.h"

namespace fwd::door {

class SigningKeys {
 public:
  // Both must outlive it.  `makers`: a thread that nobody waits for but here,
  // as an RSA key takes a good part of a second.
  SigningKeys(Stores& stores, net::Workers& makers) : stores_(stores), makers_(makers) {}

  // The record with the keys it has not got yet, not stored.
  Task<Outcome<model::Domain>> with_keys(model::Domain domain);
  // The keys of a hosted domain, RSA first, made now when there are none; none
  // for a domain that is not hosted.
  Task<Outcome<std::vector<model::SigningKey>>> get(std::string domain_name);

 private:
  Task<Outcome<model::Domain>> make(std::string domain_id);
  Outcome<model::SigningKey> unseal(const model::Domain& domain, std::string_view algorithm) const;

  Stores& stores_;
  net::Workers& makers_;
  bool making_ = false;  // one domain at a time
  Event made_;           // pulsed when it is done
};

}  // namespace fwd::door

#endif
