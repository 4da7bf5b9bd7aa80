#ifndef FWD_CRYPTO_DIGEST_H
#define FWD_CRYPTO_DIGEST_H

// Digests and keys made from other keys or from passwords.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::crypto {

std::string sha256(std::string_view octets);       // 32 octets
std::string sha512(std::string_view octets);       // 64 octets
std::string blake2b_256(std::string_view octets);  // 32 octets
// The first `size` (16 to 64) octets of an unkeyed BLAKE2b of that size; a
// file's salt is blake2b(16, id).
std::string blake2b(std::size_t size, std::string_view octets);

// SHA-256 of what comes piece by piece.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view octets);
  std::string end();  // once

 private:
  alignas(8) unsigned char state_[104];
};

// RFC 2104 with SHA-256: 32 octets.
std::string hmac_sha256(std::string_view key, std::string_view octets);
SecretKey hmac_sha256_key(std::string_view key, std::string_view octets);

// RFC 5869.  `size` at most 8160.
Secret hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info,
                   std::size_t size);
SecretKey hkdf_sha256_key(std::string_view secret, std::string_view salt, std::string_view info);

// RFC 8018 §5.2 with HMAC-SHA-256.
SecretKey pbkdf2_sha256(std::string_view password, std::string_view salt, std::uint32_t iterations);

// RFC 9106.  One lane.  The defaults are the least the house accepts.
struct ArgonCost {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t passes = 2;
};
inline constexpr std::size_t kArgonSaltSize = 16;
// `salt` has 16 octets.  kUnavailable: no memory; kBadInput: a cost out of bounds.
Outcome<SecretKey> argon2id(std::string_view password, std::string_view salt, ArgonCost cost);

}  // namespace fwd::crypto

#endif
