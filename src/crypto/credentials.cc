// A mailbox's keys, sealed once per password.
#include "crypto/credentials.h"

#include <cstring>
#include <optional>

#include "crypto/random.h"
#include "crypto/seal.h"

namespace fwd::crypto {
namespace {

constexpr std::string_view kPlainPurpose = "forwardemail credential 1: plain";
constexpr std::string_view kScramPurpose = "forwardemail credential 1: scram";
constexpr std::string_view kRecoveryPurpose = "forwardemail credential 1: recovery";
constexpr std::string_view kChosenPurpose = "forwardemail credential 1: chosen";

Failure bad_login() { return {Fault::kBadLogin, "Wrong name or password", {}}; }

std::string seal_bundle(const SecretKey& key, std::string_view purpose, const Bundle& bundle) {
  Secret both(2 * SecretKey::kSize);
  std::memcpy(both.data(), bundle.mailbox_key.data(), SecretKey::kSize);
  std::memcpy(both.data() + SecretKey::kSize, bundle.inbox_secret.data(), SecretKey::kSize);
  return seal(key, purpose, both.view());
}

Outcome<Bundle> open_bundle(const SecretKey& key, std::string_view purpose,
                            std::string_view sealed) {
  auto both = open_sealed_secret(key, purpose, sealed);
  if (!both.ok() || both.value().size() != 2 * SecretKey::kSize) return bad_login();
  const std::string_view octets = both.value().view();
  return Bundle{SecretKey::from(octets.substr(0, SecretKey::kSize)),
                SecretKey::from(octets.substr(SecretKey::kSize))};
}

// Takes the time a chosen password takes.
Outcome<void> spend_as_chosen(std::string_view password) {
  auto spent = argon2id(password, std::string(kArgonSaltSize, 'd'), ArgonCost{});
  if (!spent.ok()) return spent.failure();
  return {};
}

Outcome<Bundle> open_prepared(const StoredCredential& credential, std::string_view password) {
  if (credential.kind == CredentialKind::kGenerated)
    return open_bundle(hkdf_sha256_key(password, credential.salt, kPlainPurpose), kPlainPurpose,
                       credential.sealed_plain);
  auto key = argon2id(password, credential.salt, credential.argon);
  if (!key.ok()) return key.failure();
  return open_bundle(key.value(), kChosenPurpose, credential.sealed_plain);
}

}  // namespace

Bundle Bundle::random() { return {SecretKey::random(), SecretKey::random()}; }

ScramVerifier StoredCredential::scram() const {
  return {salt, scram_iterations, scram_stored_key, scram_server_key};
}

Outcome<StoredCredential> make_generated(std::string_view password, const Bundle& bundle,
                                         std::string_view salt) {
  auto prepared = prepare_password(password);
  if (!prepared.ok()) return prepared.failure();
  StoredCredential made;
  made.kind = CredentialKind::kGenerated;
  made.salt = salt.empty() ? random_octets(kScramSaltSize) : std::string(salt);
  const std::string_view secret = prepared.value().view();
  made.sealed_plain =
      seal_bundle(hkdf_sha256_key(secret, made.salt, kPlainPurpose), kPlainPurpose, bundle);
  const ScramKeys keys = make_scram_keys(secret, made.salt, kScramIterations);
  made.scram_iterations = keys.verifier.iterations;
  made.scram_stored_key = keys.verifier.stored_key;
  made.scram_server_key = keys.verifier.server_key;
  made.sealed_scram = seal_bundle(hkdf_sha256_key(keys.client_key.view(), made.salt, kScramPurpose),
                                  kScramPurpose, bundle);
  return made;
}

Outcome<StoredCredential> make_chosen(std::string_view password, const Bundle& bundle,
                                      const std::vector<std::string>& words, ArgonCost cost) {
  auto prepared = prepare_password(password);
  if (!prepared.ok()) return prepared.failure();
  const Strength strength = password_strength(prepared.value().view(), words);
  if (strength.score < kGoodScore) return Failure{Fault::kBadInput, strength.why, {}};
  const ArgonCost least;
  if (cost.memory_kib < least.memory_kib || cost.passes < least.passes)
    return Failure{Fault::kBadInput, "Internal error", "Argon2id: less than the house accepts"};
  StoredCredential made;
  made.kind = CredentialKind::kChosen;
  made.salt = random_octets(kArgonSaltSize);
  made.argon = cost;
  auto key = argon2id(prepared.value().view(), made.salt, cost);
  if (!key.ok()) return key.failure();
  made.sealed_plain = seal_bundle(key.value(), kChosenPurpose, bundle);
  return made;
}

Outcome<StoredCredential> make_recovery(std::string_view code, const Bundle& bundle) {
  auto normal = normalise_recovery_code(code);
  if (!normal.ok()) return normal.failure();
  const Secret secret = Secret::take(normal.value());
  StoredCredential made;
  made.kind = CredentialKind::kRecovery;
  made.salt = random_octets(kScramSaltSize);
  made.sealed_plain = seal_bundle(hkdf_sha256_key(secret.view(), made.salt, kRecoveryPurpose),
                                  kRecoveryPurpose, bundle);
  return made;
}

Outcome<Bundle> open_plain(const StoredCredential& credential, std::string_view password) {
  if (credential.kind == CredentialKind::kRecovery) {
    auto normal = normalise_recovery_code(password);
    if (!normal.ok()) return bad_login();
    const Secret secret = Secret::take(normal.value());
    return open_bundle(hkdf_sha256_key(secret.view(), credential.salt, kRecoveryPurpose),
                       kRecoveryPurpose, credential.sealed_plain);
  }
  auto prepared = prepare_password(password);
  if (!prepared.ok()) return bad_login();
  return open_prepared(credential, prepared.value().view());
}

Outcome<Bundle> open_scram(const StoredCredential& credential, const SecretKey& client_key) {
  if (!credential.has_scram()) return bad_login();
  return open_bundle(hkdf_sha256_key(client_key.view(), credential.salt, kScramPurpose),
                     kScramPurpose, credential.sealed_scram);
}

Outcome<OpenedBy> open_any(std::span<const StoredCredential> credentials,
                           std::string_view password) {
  auto prepared = prepare_password(password);
  // One that cannot be a password still takes the time.
  const Secret secret =
      prepared.ok() ? std::move(prepared).value() : Secret(std::string_view("unusable"));
  bool spent = false;
  std::optional<Failure> trouble;
  for (const CredentialKind kind : {CredentialKind::kGenerated, CredentialKind::kChosen}) {
    for (std::size_t i = 0; prepared.ok() && i < credentials.size(); i++) {
      if (credentials[i].kind != kind) continue;
      spent = spent || kind == CredentialKind::kChosen;
      auto opened = open_prepared(credentials[i], secret.view());
      if (opened.ok()) return OpenedBy{std::move(opened).value(), i};
      if (opened.failure().fault != Fault::kBadLogin) trouble = opened.failure();
    }
  }
  if (!spent)
    if (auto done = spend_as_chosen(secret.view()); !done.ok()) return done.failure();
  if (trouble) return *trouble;
  return bad_login();
}

}  // namespace fwd::crypto
