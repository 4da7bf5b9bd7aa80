// The two halves of XChaCha20-Poly1305 for pages.
//
//   k'  = HChaCha20(K, iv)
//   ct  = ChaCha20-IETF(k', nonce 0^12, counter from 1) xor plain
//   otk = ChaCha20-IETF(k', nonce 0^12, counter 0)
//   tag = Poly1305(otk, aad ‖ pad ‖ ct ‖ pad ‖ le64(20) ‖ le64(|ct|))
#include "crypto/page.h"

#include <sodium.h>

#include <cstring>

namespace fwd::crypto {
namespace {

constexpr unsigned char kNoNonce[12] = {};

}  // namespace

void page_stream(const unsigned char* key, const unsigned char* iv, const unsigned char* in,
                 std::size_t size, unsigned char* out) {
  unsigned char subkey[32];
  crypto_core_hchacha20(subkey, iv, key, nullptr);
  crypto_stream_chacha20_ietf_xor_ic(out, in, size, kNoNonce, 1U, subkey);
  sodium_memzero(subkey, sizeof subkey);
}

void page_tag(const unsigned char* key, const unsigned char* iv, const unsigned char* additional,
              const unsigned char* ciphertext, std::size_t size, unsigned char* tag) {
  unsigned char subkey[32], one_time[32];
  crypto_core_hchacha20(subkey, iv, key, nullptr);
  crypto_stream_chacha20_ietf(one_time, sizeof one_time, kNoNonce, subkey);
  crypto_onetimeauth_state state;
  crypto_onetimeauth_init(&state, one_time);
  unsigned char padded[32] = {};
  std::memcpy(padded, additional, kPageAdditionalSize);
  crypto_onetimeauth_update(&state, padded, sizeof padded);
  crypto_onetimeauth_update(&state, ciphertext, size);
  static constexpr unsigned char kPadding[16] = {};
  if (size % 16 != 0) crypto_onetimeauth_update(&state, kPadding, 16 - size % 16);
  unsigned char lengths[16] = {kPageAdditionalSize};
  for (unsigned i = 0; i < 8; i++)
    lengths[8 + i] = static_cast<unsigned char>(std::uint64_t{size} >> (8 * i));
  crypto_onetimeauth_update(&state, lengths, sizeof lengths);
  crypto_onetimeauth_final(&state, tag);
  sodium_memzero(subkey, sizeof subkey);
  sodium_memzero(one_time, sizeof one_time);
  sodium_memzero(&state, sizeof state);
}

bool open_page(const unsigned char* key, const unsigned char* iv, const unsigned char* additional,
               const unsigned char* ciphertext, std::size_t size, const unsigned char* tag,
               unsigned char* plain) {
  unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES] = {};
  std::memcpy(nonce, iv, kPageIvSize);
  return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(plain, nullptr, ciphertext, size, tag,
                                                             additional, kPageAdditionalSize, nonce,
                                                             key) == 0;
}

bool same_tag(const unsigned char* a, const unsigned char* b) {
  return sodium_memcmp(a, b, kPageTagSize) == 0;
}

}  // namespace fwd::crypto
