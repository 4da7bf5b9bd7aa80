// Making and unsealing the keys of webhooks.
#include "door/webhook_keys.h"

#include <utility>

#include "core/text.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

// As a person copies it, in hex: whoever checks the signature takes the letters
// themselves for the key.
constexpr std::size_t kKeyOctets = 24;

// The name stays for life, and is known before the record has an id.
std::string purpose(const model::Domain& domain) {
  return "webhook " + directory::domain_key(domain.name);
}

}  // namespace

WebhookKeys::WebhookKeys(const crypto::SecretKey& server_key)
    : key_(crypto::subkey(server_key, "webhook")) {}

model::Domain WebhookKeys::with_key(model::Domain domain) const {
  if (!domain.webhook_key.empty()) return domain;
  std::string secret = to_hex(crypto::random_octets(kKeyOctets));
  domain.webhook_key = to_base64(crypto::seal(key_, purpose(domain), secret));
  crypto::wipe(secret);
  return domain;
}

Outcome<model::BounceHook> WebhookKeys::open(const model::Domain& domain) const {
  model::BounceHook hook;
  hook.url = domain.bounce_webhook;
  if (domain.webhook_key.empty()) return hook;
  const auto sealed = from_base64(domain.webhook_key);
  if (!sealed)
    return Failure{Fault::kCorrupt, "", "the webhook key of " + domain.name + " is broken"};
  auto secret = crypto::open_sealed(key_, purpose(domain), *sealed);
  if (!secret.ok()) return secret.failure();
  hook.key = std::move(secret).value();
  return hook;
}

}  // namespace fwd::door
