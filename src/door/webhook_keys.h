#ifndef FWD_DOOR_WEBHOOK_KEYS_H
#define FWD_DOOR_WEBHOOK_KEYS_H

// The key that signs what a domain's webhooks are told: made with the domain, or
// with its next change, kept sealed in its record, unsealed for who posts or checks.

#include <memory>
#include <string>

#include "core/outcome.h"
#include "crypto/secret.h"
#include "model/queue.h"
#include "model/records.h"

namespace fwd::door {

class WebhookKeys {
 public:
  explicit WebhookKeys(const crypto::SecretKey& server_key);

  // The record with the key it has not got yet, not stored.
  model::Domain with_key(model::Domain domain) const;
  // Where the domain wants to hear of failed attempts (an empty URL: nowhere), and
  // the key, which signs what its aliases' webhooks are told, too.
  // kCorrupt: its key was not sealed by us.
  Outcome<model::BounceHook> open(const model::Domain& domain) const;

 private:
  crypto::SecretKey key_;
};

}  // namespace fwd::door

#endif
