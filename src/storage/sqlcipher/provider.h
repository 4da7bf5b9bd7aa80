#ifndef FWD_STORAGE_SQLCIPHER_PROVIDER_H
#define FWD_STORAGE_SQLCIPHER_PROVIDER_H

// The page cipher: XChaCha20-Poly1305 (crypto/page.h) as SQLCipher's crypto
// provider.  Each page is bit for bit crypto_aead_xchacha20poly1305_ietf with
//
//   key        the file's 32 octets, raw
//   nonce      iv (16 random octets, kept in the page) and 8 zeroes
//   additional the file's salt (16 octets) and the page number (4, little end first)
//   page       ciphertext (page 1: 16 octets of salt before it), iv, tag (16)

#include <cstdint>

#include "core/outcome.h"

namespace fwd::sqlcipher {

inline constexpr char kProviderName[] = "libsodium-xchacha20poly1305";
inline constexpr char kCipherName[] = "xchacha20-poly1305-ietf";
inline constexpr int kPageSize = 4096;
inline constexpr int kSaltSize = 16;
inline constexpr int kIvSize = 16;
inline constexpr int kTagSize = 16;

// Registers the cipher and holds one keyed connection open for the life of
// the process: without it SQLCipher before 4.7 falls back to its own AES when
// the last keyed connection closes.  Failures say why the daemon must not run.
Outcome<void> register_page_cipher();

// Whether files may be opened: the cipher is registered and refuse() was not called.
bool may_open();
// The self test failed: nothing may be opened any more.
void refuse();

// How many pages did not authenticate on this thread so far.  SQLCipher itself
// may hand out such a page as zeroes without an error, so every caller of
// sqlite3_step() looks here before it believes what it got.
std::uint64_t auth_failures();

}  // namespace fwd::sqlcipher

#endif
