// Making, sealing and unsealing the keys that sign mail.
#include "door/signing_keys.h"

#include <utility>

#include "core/text.h"
#include "crypto/seal.h"
#include "crypto/signing_pair.h"
#include "door/run_to_end.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

constexpr int kTries = 5;
constexpr std::string_view kRsa = "rsa", kEd25519 = "ed25519";

bool has_keys(const model::Domain& domain) {
  return !domain.dkim_private_key.empty() && !domain.dkim_ed25519_private_key.empty();
}

// The name stays for life, and is known before the record has an id.
std::string purpose(std::string_view algorithm, const std::string& name) {
  return "dkim " + std::string(algorithm) + ' ' + directory::domain_key(name);
}

std::string seal(const crypto::SecretKey& server_key, std::string_view algorithm,
                 const std::string& name, const crypto::Secret& secret) {
  const crypto::SecretKey key = crypto::subkey(server_key, "dkim");
  return to_base64(crypto::seal(key, purpose(algorithm, name), secret.view()));
}

// On the worker.
Outcome<model::Domain> fill(model::Domain domain, const crypto::SecretKey& server_key) {
  if (domain.dkim_private_key.empty()) {
    const auto bits = static_cast<unsigned>(domain.dkim_modulus_length);
    auto pair = crypto::make_rsa_pair(bits);
    if (!pair.ok()) return pair.failure();
    domain.dkim_private_key = seal(server_key, kRsa, domain.name, pair.value().secret);
    domain.dkim_public_key = to_base64(pair.value().public_key);
  }
  if (domain.dkim_ed25519_private_key.empty()) {
    const crypto::SigningPair pair = crypto::make_ed25519_pair();
    domain.dkim_ed25519_private_key = seal(server_key, kEd25519, domain.name, pair.secret);
    domain.dkim_ed25519_public_key = to_base64(pair.public_key);
  }
  return domain;
}

}  // namespace

Task<Outcome<model::Domain>> SigningKeys::with_keys(model::Domain domain) {
  if (has_keys(domain)) co_return domain;
  auto job = [domain = std::move(domain), key = stores_.server_key] { return fill(domain, *key); };
  auto making = makers_.run(0, std::move(job));
  co_return co_await std::move(making);
}

Task<Outcome<model::Domain>> SigningKeys::make(std::string domain_id) {
  while (making_) co_await made_.wait();
  making_ = true;
  const std::shared_ptr<void> done(nullptr, [this](void*) {
    making_ = false;
    made_.pulse();
  });
  for (int tried = 0;; ++tried) {
    auto domain = co_await stores_.directory.get_domain(domain_id);
    if (!domain.ok() || has_keys(domain.value())) co_return domain;
    auto filled = co_await with_keys(std::move(domain.value()));
    if (!filled.ok()) co_return filled;
    auto stored = co_await stores_.directory.put_domain(std::move(filled.value()));
    // Somebody has changed the record meanwhile: the keys are put into theirs.
    const bool again = !stored.ok() && stored.failure().fault == Fault::kWrongState;
    if (!again || tried == kTries) co_return stored;
  }
}

Outcome<model::SigningKey> SigningKeys::unseal(const model::Domain& domain,
                                               std::string_view algorithm) const {
  const bool is_rsa = algorithm == kRsa;
  const auto sealed =
      from_base64(is_rsa ? domain.dkim_private_key : domain.dkim_ed25519_private_key);
  if (!sealed)
    return Failure{Fault::kCorrupt, "", "a signing key of " + domain.name + " is broken"};
  const crypto::SecretKey key = crypto::subkey(*stores_.server_key, "dkim");
  auto secret = crypto::open_sealed(key, purpose(algorithm, domain.name), *sealed);
  if (!secret.ok()) return secret.failure();
  model::SigningKey signing;
  signing.domain = directory::domain_key(domain.name);
  signing.selector = is_rsa ? domain.dkim_key_selector : domain.dkim_ed25519_key_selector;
  signing.algorithm = algorithm;
  signing.secret = std::move(secret.value());
  signing.record = "v=DKIM1; k=" + signing.algorithm +
                   "; p=" + (is_rsa ? domain.dkim_public_key : domain.dkim_ed25519_public_key);
  return signing;
}

Task<Outcome<std::vector<model::SigningKey>>> SigningKeys::get(std::string domain_name) {
  std::vector<model::SigningKey> keys;
  auto domain = co_await stores_.directory.get_domain(std::move(domain_name));
  if (!domain.ok() && domain.failure().fault == Fault::kNotFound) co_return keys;
  if (!domain.ok()) co_return domain.failure();
  if (!has_keys(domain.value())) {
    const std::string id = domain.value().id;
    domain = co_await run_to_end(stores_.tasks, "make signing keys", make(id));
    if (!domain.ok()) co_return domain.failure();
  }
  for (const std::string_view algorithm : {kRsa, kEd25519}) {
    auto key = unseal(domain.value(), algorithm);
    if (!key.ok()) co_return key.failure();
    keys.push_back(std::move(key.value()));
  }
  co_return keys;
}

}  // namespace fwd::door
