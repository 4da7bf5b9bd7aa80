#ifndef FWD_CRYPTO_SEAL_H
#define FWD_CRYPTO_SEAL_H

// Sealing: XChaCha20-Poly1305 under a key, or to a mailbox's inbox pair.
//
//   seal            1 (algorithm) ‖ nonce (24, random) ‖ ciphertext ‖ tag (16)
//                   additional data: 1 ‖ purpose
//   seal_to_inbox   1 (algorithm) ‖ ephemeral public (32) ‖ ciphertext ‖ tag (16)
//                   key: BLAKE2b-256(key: server key; X25519 shared ‖ ephemeral public ‖
//                   inbox public), used once, so the nonce is zero
//                   additional data: 1 ‖ what the caller binds
//
// The second kind is opened only by who has both the server key and the inbox
// secret: not by the operator without the mailbox's password, and not from a
// stolen disk even by who can undo X25519.  The algorithm octet leaves room.
//
// Opening fails with kCorrupt, which never says which part was wrong.

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "crypto/secret.h"

namespace fwd::crypto {

// A key for one purpose, from the server key (or any other): HKDF-SHA-256.
SecretKey subkey(const SecretKey& key, std::string_view purpose);

// `purpose` says what was sealed for whom ("dkim example.com"): it must be the
// same when opening.
std::string seal(const SecretKey& key, std::string_view purpose, std::string_view plain);
Outcome<std::string> open_sealed(const SecretKey& key, std::string_view purpose,
                                 std::string_view sealed);
// The same into locked memory.
Outcome<Secret> open_sealed_secret(const SecretKey& key, std::string_view purpose,
                                   std::string_view sealed);

// Octets that seal() and seal_to_inbox() add.
inline constexpr std::size_t kSealOverhead = 1 + 24 + 16;
inline constexpr std::size_t kInboxOverhead = 1 + 32 + 16;
inline constexpr std::size_t kInboxPublicSize = 32;

struct InboxPair {
  SecretKey secret;
  std::string public_key;  // 32 octets; no secret
};
InboxPair make_inbox_pair();
std::string inbox_public_of(const SecretKey& inbox_secret);

// `bound` (the mailbox's id, …) must be the same when opening.  kBadInput:
// `inbox_public` is not a usable public key.
Outcome<std::string> seal_to_inbox(std::string_view inbox_public, const SecretKey& server_key,
                                   std::string_view payload, std::string_view bound = {});
Outcome<std::string> open_from_inbox(const SecretKey& inbox_secret, const SecretKey& server_key,
                                     std::string_view sealed, std::string_view bound = {});

}  // namespace fwd::crypto

#endif
