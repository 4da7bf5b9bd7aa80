#ifndef FWD_CRYPTO_PAGE_H
#define FWD_CRYPTO_PAGE_H

// XChaCha20-Poly1305 in the two halves in which a page cipher is asked for it:
// the stream, and the tag.  Together they are bit for bit libsodium's
// crypto_aead_xchacha20poly1305_ietf with the nonce iv ‖ 0^8, which
// open_page() is, in one shot, so that one can be proven by the other.

#include <cstddef>
#include <cstdint>

namespace fwd::crypto {

inline constexpr std::size_t kPageIvSize = 16;
inline constexpr std::size_t kPageTagSize = 16;
inline constexpr std::size_t kPageAdditionalSize = 20;

// Seals or opens `size` octets of `in` to `out`, which may be the same place.
// `key` has 32 octets, `iv` 16.
void page_stream(const unsigned char* key, const unsigned char* iv, const unsigned char* in,
                 std::size_t size, unsigned char* out);

// The tag (16 octets to `tag`) over the ciphertext and 20 additional octets.
void page_tag(const unsigned char* key, const unsigned char* iv, const unsigned char* additional,
              const unsigned char* ciphertext, std::size_t size, unsigned char* tag);

// Both at once, by libsodium's own function; false: does not authenticate.
bool open_page(const unsigned char* key, const unsigned char* iv, const unsigned char* additional,
               const unsigned char* ciphertext, std::size_t size, const unsigned char* tag,
               unsigned char* plain);

// Of 16 octets each, in constant time.
bool same_tag(const unsigned char* a, const unsigned char* b);

}  // namespace fwd::crypto

#endif
