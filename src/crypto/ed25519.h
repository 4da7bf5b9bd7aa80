#ifndef FWD_CRYPTO_ED25519_H
#define FWD_CRYPTO_ED25519_H

// Signatures by Ed25519 (RFC 8032 §5.1).

#include <string>
#include <string_view>

namespace fwd::crypto {

inline constexpr std::size_t kEd25519SeedSize = 32;

// 64 octets; empty when `seed` has not 32.
std::string ed25519_sign(std::string_view seed, std::string_view message);
// `key`: the 32 octets of the public half.
bool ed25519_verifies(std::string_view key, std::string_view message, std::string_view signature);

}  // namespace fwd::crypto

#endif
