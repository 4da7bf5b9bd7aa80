// XChaCha20-Poly1305 under a key, and to an inbox.
#include "crypto/seal.h"

#include <sodium.h>

#include <stdexcept>

#include "crypto/digest.h"
#include "crypto/random.h"

namespace fwd::crypto {
namespace {

constexpr char kAlgorithm = 1;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kSealOverhead == 1 + kNonceSize + kTagSize);
static_assert(kInboxOverhead == 1 + kInboxPublicSize + kTagSize);
static_assert(kInboxPublicSize == crypto_scalarmult_BYTES);
constexpr unsigned char kZeroNonce[kNonceSize] = {};

const unsigned char* octets_of(std::string_view view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

unsigned char* octets_of(std::string& text, std::size_t at) {
  return reinterpret_cast<unsigned char*>(text.data() + at);
}

Failure broken() {
  return {Fault::kCorrupt, "Storage is damaged", "sealed data does not open: wrong key or damaged"};
}

std::string bind(std::string_view purpose) { return kAlgorithm + std::string(purpose); }

bool unseal(const SecretKey& key, const unsigned char* nonce, std::string_view additional,
            std::string_view ciphertext, unsigned char* plain) {
  return crypto_aead_xchacha20poly1305_ietf_decrypt(plain, nullptr, nullptr, octets_of(ciphertext),
                                                    ciphertext.size(), octets_of(additional),
                                                    additional.size(), nonce, key.data()) == 0;
}

// False for a public key with which everybody would share the same secret.
bool inbox_key(const SecretKey& secret, std::string_view their_public, const SecretKey& server_key,
               std::string_view ephemeral, std::string_view inbox, SecretKey& key) {
  SecretKey shared = SecretKey::zero();
  if (crypto_scalarmult(shared.data(), secret.data(), octets_of(their_public)) != 0) return false;
  crypto_generichash_state state;
  crypto_generichash_init(&state, server_key.data(), SecretKey::kSize, SecretKey::kSize);
  for (const std::string_view part : {shared.view(), ephemeral, inbox})
    crypto_generichash_update(&state, octets_of(part), part.size());
  crypto_generichash_final(&state, key.data(), SecretKey::kSize);
  sodium_memzero(&state, sizeof state);
  return true;
}

}  // namespace

SecretKey subkey(const SecretKey& key, std::string_view purpose) {
  return hkdf_sha256_key(key.view(), {}, "forwardemail subkey 1: " + std::string(purpose));
}

std::string seal(const SecretKey& key, std::string_view purpose, std::string_view plain) {
  const std::string additional = bind(purpose);
  std::string sealed(kSealOverhead + plain.size(), kAlgorithm);
  fill_random(sealed.data() + 1, kNonceSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      octets_of(sealed, 1 + kNonceSize), nullptr, octets_of(plain), plain.size(),
      octets_of(additional), additional.size(), nullptr, octets_of(sealed, 1), key.data());
  return sealed;
}

Outcome<std::string> open_sealed(const SecretKey& key, std::string_view purpose,
                                 std::string_view sealed) {
  if (sealed.size() < kSealOverhead || sealed[0] != kAlgorithm) return broken();
  std::string plain(sealed.size() - kSealOverhead, '\0');
  if (!unseal(key, octets_of(sealed.substr(1)), bind(purpose), sealed.substr(1 + kNonceSize),
              octets_of(plain, 0)))
    return broken();
  return plain;
}

Outcome<Secret> open_sealed_secret(const SecretKey& key, std::string_view purpose,
                                   std::string_view sealed) {
  if (sealed.size() < kSealOverhead || sealed[0] != kAlgorithm) return broken();
  Secret plain(sealed.size() - kSealOverhead);
  if (!unseal(key, octets_of(sealed.substr(1)), bind(purpose), sealed.substr(1 + kNonceSize),
              plain.data()))
    return broken();
  return plain;
}

InboxPair make_inbox_pair() {
  InboxPair pair{SecretKey::random(), {}};
  pair.public_key = inbox_public_of(pair.secret);
  return pair;
}

std::string inbox_public_of(const SecretKey& inbox_secret) {
  std::string public_key(kInboxPublicSize, '\0');
  crypto_scalarmult_base(octets_of(public_key, 0), inbox_secret.data());
  return public_key;
}

Outcome<std::string> seal_to_inbox(std::string_view inbox_public, const SecretKey& server_key,
                                   std::string_view payload, std::string_view bound) {
  const Failure unusable{Fault::kBadInput, "Internal error", "the inbox public key is unusable"};
  if (inbox_public.size() != kInboxPublicSize) return unusable;
  const InboxPair ephemeral = make_inbox_pair();
  SecretKey key = SecretKey::zero();
  if (!inbox_key(ephemeral.secret, inbox_public, server_key, ephemeral.public_key, inbox_public,
                 key))
    return unusable;
  const std::string additional = bind(bound);
  std::string sealed;
  sealed.reserve(kInboxOverhead + payload.size());
  sealed += kAlgorithm;
  sealed += ephemeral.public_key;
  sealed.resize(kInboxOverhead + payload.size());
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      octets_of(sealed, 1 + kInboxPublicSize), nullptr, octets_of(payload), payload.size(),
      octets_of(additional), additional.size(), nullptr, kZeroNonce, key.data());
  return sealed;
}

Outcome<std::string> open_from_inbox(const SecretKey& inbox_secret, const SecretKey& server_key,
                                     std::string_view sealed, std::string_view bound) {
  if (sealed.size() < kInboxOverhead || sealed[0] != kAlgorithm) return broken();
  const std::string_view ephemeral = sealed.substr(1, kInboxPublicSize);
  SecretKey key = SecretKey::zero();
  if (!inbox_key(inbox_secret, ephemeral, server_key, ephemeral, inbox_public_of(inbox_secret),
                 key))
    return broken();
  std::string plain(sealed.size() - kInboxOverhead, '\0');
  if (!unseal(key, kZeroNonce, bind(bound), sealed.substr(1 + kInboxPublicSize),
              octets_of(plain, 0)))
    return broken();
  return plain;
}

}  // namespace fwd::crypto
