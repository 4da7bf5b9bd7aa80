// Digests and key derivation from libsodium and GnuTLS.
#include "crypto/digest.h"

#include <gnutls/crypto.h>
#include <sodium.h>

#include <stdexcept>

#include "crypto/random.h"

namespace fwd::crypto {
namespace {

// A cost beyond these is not ours, and would let a stored value take the machine.
constexpr std::uint32_t kMostMemoryKib = 1024 * 1024;
constexpr std::uint32_t kMostPasses = 16;

const unsigned char* octets_of(std::string_view view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

unsigned char* octets_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

gnutls_datum_t datum(std::string_view view) {
  // GnuTLS has no const datum; it does not write.
  return {const_cast<unsigned char*>(octets_of(view)), static_cast<unsigned>(view.size())};
}

void must(int code, const char* what) {
  if (code < 0) throw std::runtime_error(std::string(what) + ": " + gnutls_strerror(code));
}

void hmac_to(std::string_view key, std::string_view octets, unsigned char* out) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, octets_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, octets_of(octets), octets.size());
  crypto_auth_hmacsha256_final(&state, out);
  sodium_memzero(&state, sizeof state);
}

void hkdf_to(std::string_view secret, std::string_view salt, std::string_view info,
             unsigned char* out, std::size_t size) {
  const gnutls_datum_t key = datum(secret), salt_datum = datum(salt), info_datum = datum(info);
  SecretKey extracted = SecretKey::zero();
  must(gnutls_hkdf_extract(GNUTLS_MAC_SHA256, &key, &salt_datum, extracted.data()), "HKDF");
  const gnutls_datum_t middle = datum(extracted.view());
  must(gnutls_hkdf_expand(GNUTLS_MAC_SHA256, &middle, &info_datum, out, size), "HKDF");
}

}  // namespace

std::string sha256(std::string_view octets) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(octets_of(digest), octets_of(octets), octets.size());
  return digest;
}

namespace {

crypto_hash_sha256_state* state_of(unsigned char* octets) {
  static_assert(sizeof(crypto_hash_sha256_state) <= 104);
  static_assert(alignof(crypto_hash_sha256_state) <= 8);
  return reinterpret_cast<crypto_hash_sha256_state*>(octets);
}

}  // namespace

Sha256::Sha256() { crypto_hash_sha256_init(state_of(state_)); }

void Sha256::add(std::string_view octets) {
  crypto_hash_sha256_update(state_of(state_), octets_of(octets), octets.size());
}

std::string Sha256::end() {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(state_of(state_), octets_of(digest));
  return digest;
}

std::string sha512(std::string_view octets) {
  std::string digest(crypto_hash_sha512_BYTES, '\0');
  crypto_hash_sha512(octets_of(digest), octets_of(octets), octets.size());
  return digest;
}

std::string blake2b(std::size_t size, std::string_view octets) {
  std::string digest(size, '\0');
  if (crypto_generichash(octets_of(digest), size, octets_of(octets), octets.size(), nullptr, 0) !=
      0)
    throw std::logic_error("a BLAKE2b has 16 to 64 octets");
  return digest;
}

std::string blake2b_256(std::string_view octets) { return blake2b(32, octets); }

std::string hmac_sha256(std::string_view key, std::string_view octets) {
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  hmac_to(key, octets, octets_of(mac));
  return mac;
}

SecretKey hmac_sha256_key(std::string_view key, std::string_view octets) {
  SecretKey mac = SecretKey::zero();
  hmac_to(key, octets, mac.data());
  return mac;
}

Secret hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info,
                   std::size_t size) {
  Secret out(size);
  hkdf_to(secret, salt, info, out.data(), size);
  return out;
}

SecretKey hkdf_sha256_key(std::string_view secret, std::string_view salt, std::string_view info) {
  SecretKey out = SecretKey::zero();
  hkdf_to(secret, salt, info, out.data(), SecretKey::kSize);
  return out;
}

SecretKey pbkdf2_sha256(std::string_view password, std::string_view salt,
                        std::uint32_t iterations) {
  const gnutls_datum_t key = datum(password), salt_datum = datum(salt);
  SecretKey out = SecretKey::zero();
  must(
      gnutls_pbkdf2(GNUTLS_MAC_SHA256, &key, &salt_datum, iterations, out.data(), SecretKey::kSize),
      "PBKDF2");
  return out;
}

Outcome<SecretKey> argon2id(std::string_view password, std::string_view salt, ArgonCost cost) {
  static_assert(kArgonSaltSize == crypto_pwhash_argon2id_SALTBYTES);
  if (!start()) throw std::runtime_error("libsodium cannot be initialised");
  if (salt.size() != kArgonSaltSize || cost.memory_kib < 8 || cost.memory_kib > kMostMemoryKib ||
      cost.passes < 1 || cost.passes > kMostPasses)
    return Failure{Fault::kBadInput, "Internal error", "Argon2id: salt or cost out of bounds"};
  SecretKey out = SecretKey::zero();
  if (crypto_pwhash_argon2id(out.data(), SecretKey::kSize, password.data(), password.size(),
                             octets_of(salt), cost.passes, std::size_t{cost.memory_kib} * 1024,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return Failure{Fault::kUnavailable, "Please try again later", "Argon2id: not enough memory"};
  return out;
}

}  // namespace fwd::crypto
