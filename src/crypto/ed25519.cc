// Signatures by Ed25519.
#include "crypto/ed25519.h"

#include <sodium.h>

#include <array>

#include "crypto/random.h"

namespace fwd::crypto {
namespace {

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string ed25519_sign(std::string_view seed, std::string_view message) {
  if (seed.size() != kEd25519SeedSize) return {};
  start();
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(key.data(), secret.data(), octets_of(seed));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       octets_of(message), message.size(), secret.data());
  sodium_memzero(secret.data(), secret.size());
  return signature;
}

bool ed25519_verifies(std::string_view key, std::string_view message, std::string_view signature) {
  return key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(octets_of(signature), octets_of(message), message.size(),
                                     octets_of(key)) == 0;
}

}  // namespace fwd::crypto
